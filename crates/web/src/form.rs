//! Forms that carry their token. The fields of a form are out of reach until it is verified.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Multipart, Request};
use serde::de::DeserializeOwned;

use crate::error::Failed;
use crate::files::Receiving;
use crate::state::State;
use crate::who::Who;

/// The fields of a form whose token was right.
pub(crate) struct Posted<T>(pub T);

impl<T: DeserializeOwned> FromRequest<State> for Posted<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, state: &State) -> Result<Self, Failed> {
        let who = request.extensions().get::<Who>().cloned().ok_or(Failed::Forbidden)?;
        let bytes = Bytes::from_request(request, state).await.map_err(|_| Failed::TooGreat(2_000_000))?;
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_bytes(&bytes).map_err(|error| unreadable(&error.to_string()))?;
        let token = pairs.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.as_str());
        right_token(&who, token)?;
        let fields = serde_urlencoded::from_bytes(&bytes).map_err(|error| unreadable(&error.to_string()))?;
        Ok(Self(fields))
    }
}

fn unreadable(why: &str) -> Failed {
    Failed::wrong(format!("Không đọc được biểu mẫu: {why}."), format!("The form cannot be read: {why}."))
}

fn right_token(who: &Who, token: Option<&str>) -> Result<(), Failed> {
    // Both are digests of a secret: comparing them tells nothing of it.
    if token.is_some_and(|token| token == who.csrf) { Ok(()) } else { Err(Failed::Stale) }
}

/// A form with a file. The token and the other fields stand before the file.
pub(crate) struct Brought {
    fields: Vec<(String, String)>,
    /// The file's name as the browser gives it.
    pub name: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

impl Brought {
    /// A field's value, or nothing.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.trim())
    }
}

impl FromRequest<State> for Brought {
    type Rejection = Failed;

    async fn from_request(request: Request, state: &State) -> Result<Self, Failed> {
        let (mut parts, body) = request.into_parts();
        let who = Who::from_request_parts(&mut parts, state).await?;
        let request = Request::from_parts(parts, body);
        let mut form =
            Multipart::from_request(request, state).await.map_err(|error| unreadable(&error.to_string()))?;
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut verified = false;
        while let Some(mut field) = form.next_field().await.map_err(|error| unreadable(&error.to_string()))? {
            let name = field.name().unwrap_or_default().to_owned();
            let Some(file_name) = field.file_name().map(str::to_owned) else {
                let mut value = Vec::new();
                while let Some(chunk) = field.chunk().await.map_err(|error| unreadable(&error.to_string()))? {
                    value.extend_from_slice(&chunk);
                    if value.len() > 10_000 {
                        return Err(Failed::TooGreat(10_000));
                    }
                }
                let value = String::from_utf8_lossy(&value).into_owned();
                if name == "csrf" {
                    right_token(&who, Some(&value))?;
                    verified = true;
                }
                fields.push((name, value));
                continue;
            };
            if !verified {
                return Err(Failed::Stale);
            }
            let mut receiving: Receiving = state.files.receive(&state.secret())?;
            while let Some(chunk) = field.chunk().await.map_err(|error| unreadable(&error.to_string()))? {
                receiving.add(&chunk)?;
                if receiving.bytes() > state.site.upload_limit {
                    return Err(Failed::TooGreat(state.site.upload_limit));
                }
            }
            if receiving.bytes() == 0 {
                break;
            }
            let (sha256, bytes) = state.files.finish(receiving)?;
            let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
            let name: String = name.chars().filter(|letter| !letter.is_control()).take(200).collect();
            return Ok(Self { fields, name, sha256, bytes });
        }
        Err(Failed::wrong(
            "Chưa chọn tệp nào. Hãy quay lại và chọn một tệp có dữ liệu.",
            "No file was chosen. Go back and choose a file with something in it.",
        ))
    }
}
