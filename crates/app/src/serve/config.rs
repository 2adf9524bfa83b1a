//! `giaouoc.toml` of the service's folder. It may be absent; an unknown key is an error with its place.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use giaouoc_agreement::text::Text;
use giaouoc_web::oidc::Provider;
use serde::Deserialize;

use super::mail::Mail;
use crate::fault::{Fault, Outcome};

/// What may be configured.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The site's name.
    pub name: Text,
    /// Its address as people type it, without a path at the end; with `https://` cookies are for encrypted connections only.
    pub url: Option<String>,
    /// Where to listen.
    pub listen: String,
    /// The database's address; nothing keeps a SQLite file in the folder.
    pub database: Option<String>,
    /// The greatest file that may be brought, in megabytes.
    pub upload_mb: u64,
    /// The mail server; nothing sends no letters, and links are copied by hand.
    pub mail: Option<Mail>,
    /// Where people may log in besides.
    pub oidc: Vec<Provider>,
    /// The proxies whose word about a visitor's address (`X-Forwarded-For`) is taken.
    pub proxies: Vec<IpAddr>,
    /// After so many days the bytes of files that were sent, and of their rejected rows, are removed; nothing keeps them for ever.
    pub keep_uploads_days: Option<u32>,
    /// After programs' records a cluster is measured again after so many seconds at the earliest.
    pub measure_every_s: u64,
    /// What is logged, and in which form.
    pub log: Log,
    /// Where measurements of the service itself are served, for Prometheus; nothing serves none.
    pub metrics: Option<String>,
}

/// What is logged to the error stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Log {
    /// What failed, as text.
    #[default]
    Errors,
    /// Every request and job too, as text.
    Text,
    /// The same, a JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            name: Text::new("Giao ước thi đua", "Emulation agreements"),
            url: None,
            listen: "127.0.0.1:8080".to_owned(),
            database: None,
            upload_mb: 500,
            mail: None,
            oidc: Vec::new(),
            proxies: vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            keep_uploads_days: None,
            measure_every_s: 2,
            log: Log::Errors,
            metrics: None,
        }
    }
}

impl Config {
    /// Reads the folder's file, if there is one.
    pub fn read(folder: &Path) -> Outcome<Self> {
        let path = folder.join("giaouoc.toml");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Fault::io(&path, &error)),
        };
        Self::parse(&text).map_err(|why| {
            let path = path.display();
            Fault::input(
                format!(
                    "{path}: cấu hình không đọc được; các khoá được dùng có trong docs/service.md. {why}"
                ),
                format!("{path}: the configuration cannot be read; docs/service.md has its keys. {why}"),
            )
        })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if config.keep_uploads_days == Some(0) {
            return Err("keep_uploads_days: ít nhất 1 / at least 1".to_owned());
        }
        if config.url.as_ref().is_some_and(|url| url.ends_with('/') || !url.starts_with("http")) {
            return Err("url: https://… không có / ở cuối / without a slash at the end".to_owned());
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_said_with_its_place() {
        let wrong = Config::parse("listen = \"0.0.0.0:80\"\nlissten = 3\n").unwrap_err();
        assert!(wrong.contains("line 2") && wrong.contains("lissten"), "{wrong}");
        assert!(Config::parse("url = \"https://x/\"").is_err());
        assert_eq!(Config::parse("upload_mb = 20").unwrap().upload_mb, 20);
        assert_eq!(Config::parse("").unwrap().keep_uploads_days, None);
        assert_eq!(Config::parse("keep_uploads_days = 90").unwrap().keep_uploads_days, Some(90));
        assert!(Config::parse("keep_uploads_days = 0").is_err());
        assert!(Config::parse("keep_uploads_days = -3").is_err());
        let wrong =
            Config::parse("[mail]\nserver = \"x\"\nfrom = \"a@x.vn\"\npassword = \"p\"\n").unwrap_err();
        assert!(wrong.contains("line 4") && wrong.contains("password"), "{wrong}");
        assert!(Config::parse("[mail]\nserver = \"x\"\nfrom = \"a@x.vn\"\ntls = \"ssl\"\n").is_err());
    }

    /// The package's file holds as it is, and with every key that it shows.
    #[test]
    fn the_packages_configuration_holds() {
        let text = include_str!("../../../../packaging/giaouoc.toml");
        assert_eq!(Config::parse(text).unwrap().log, Log::Json);
        let shown: String = text
            .lines()
            .map(|line| line.strip_prefix("# ").filter(|line| line.contains(" = ")).unwrap_or(line))
            .map(|line| format!("{line}\n"))
            .collect();
        let all = Config::parse(&shown).unwrap();
        assert!(all.url.is_some() && all.database.is_some() && all.metrics.is_some());
        assert!(Config::parse("log = \"loud\"").is_err());
    }
}
