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

/// A form with files of evidence: the token stands before everything else. Files are checked and kept before anything of the
/// form is looked at, so that whatever is wrong with it, nobody has to choose them again.
pub(crate) struct Filled {
    pub fields: Vec<(String, String)>,
    /// Files that were kept.
    pub files: Vec<giaouoc_store::evidence::New>,
    /// The fields that they came in, in the same order.
    pub from: Vec<String>,
    /// Files that were not taken, and why.
    pub refused: Vec<giaouoc_agreement::text::Text>,
}

impl Filled {
    /// A field's value, or nothing.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.trim())
    }
}

/// A form's fields together are at most so long.
const LONGEST: usize = 1 << 20;

impl FromRequest<State> for Filled {
    type Rejection = Failed;

    async fn from_request(request: Request, state: &State) -> Result<Self, Failed> {
        let (mut parts, body) = request.into_parts();
        let who = Who::from_request_parts(&mut parts, state).await?;
        let request = Request::from_parts(parts, body);
        let wrong = |error: axum::extract::multipart::MultipartError| unreadable(&error.to_string());
        let mut form =
            Multipart::from_request(request, state).await.map_err(|error| unreadable(&error.to_string()))?;
        let mut filled =
            Self { fields: Vec::new(), files: Vec::new(), from: Vec::new(), refused: Vec::new() };
        let (mut verified, mut long) = (false, 0);
        while let Some(mut field) = form.next_field().await.map_err(wrong)? {
            let name = field.name().unwrap_or_default().to_owned();
            let file = field.file_name().map(str::to_owned);
            if !verified && name != "csrf" {
                return Err(Failed::Stale);
            }
            let most = if file.is_some() { crate::evidence::MOST } else { LONGEST - long };
            let mut bytes = Vec::new();
            let mut over = false;
            while let Some(chunk) = field.chunk().await.map_err(wrong)? {
                // One byte more says that it is too much.
                over |= bytes.len() + chunk.len() > most;
                if !over {
                    bytes.extend_from_slice(&chunk);
                } else if file.is_none() {
                    return Err(Failed::TooGreat(LONGEST as u64));
                }
            }
            let Some(file) = file else {
                long += bytes.len() + name.len();
                let value = String::from_utf8_lossy(&bytes).into_owned();
                if name == "csrf" {
                    right_token(&who, Some(&value))?;
                    verified = true;
                }
                filled.fields.push((name, value));
                continue;
            };
            if bytes.is_empty() && !over {
                continue;
            }
            if filled.files.len() >= crate::evidence::FILES {
                filled.refused.push(giaouoc_agreement::text::Text::new(
                    format!("{file}: mỗi lần gửi nhiều nhất {} tệp", crate::evidence::FILES),
                    format!("{file}: at most {} files at a time", crate::evidence::FILES),
                ));
                continue;
            }
            if over {
                bytes.resize(crate::evidence::MOST + 1, 0);
            }
            filled.keep(state, &file, bytes).await?;
            if filled.from.len() < filled.files.len() {
                filled.from.push(name);
            }
        }
        if verified { Ok(filled) } else { Err(Failed::Stale) }
    }
}

impl Filled {
    /// Checks a file and keeps what may be kept.
    async fn keep(&mut self, state: &State, name: &str, bytes: Vec<u8>) -> Result<(), Failed> {
        let (files, secret, name) = (state.files.clone(), state.secret(), name.to_owned());
        let kept = tokio::task::spawn_blocking(move || {
            let checked = match crate::evidence::check(&name, bytes) {
                Ok(checked) => checked,
                Err(why) => return Ok(Err(why)),
            };
            let sha256 = files.keep(&secret, &checked.bytes)?;
            std::io::Result::Ok(Ok(giaouoc_store::evidence::New {
                sha256,
                name: checked.name,
                media: checked.media.to_owned(),
                bytes: i64::try_from(checked.bytes.len()).unwrap_or(i64::MAX),
            }))
        });
        match kept.await.map_err(|error| Failed::Internal(error.to_string()))?? {
            Ok(new) => self.files.push(new),
            Err(why) => self.refused.push(why),
        }
        Ok(())
    }
}
