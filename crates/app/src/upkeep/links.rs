//! Addresses of a site that is asked for page by page, as files: which file a page becomes, and what its links become within it.

use super::postgres::decoded;

/// A page's address in one language: `/c/x/` in `en`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// `vi` or `en`; files that are the same in both are `vi`'s.
    pub lang: &'static str,
    /// Its path, as it stands in links.
    pub path: String,
}

impl Address {
    /// An address.
    pub fn new(lang: &'static str, path: impl Into<String>) -> Self {
        let path = path.into();
        Self { lang: if path.starts_with("/assets/") { "vi" } else { lang }, path }
    }

    /// The file that a page becomes, below the site's folder, with `/`.
    pub fn file(&self, html: bool) -> String {
        let prefix = if self.lang == "vi" { "" } else { "en/" };
        let path = decoded(self.path.trim_start_matches('/'));
        let end = match () {
            () if path.is_empty() || path.ends_with('/') => "index.html",
            () if html && !path.ends_with(".html") => ".html",
            () => "",
        };
        format!("{prefix}{path}{end}")
    }

    /// Where a link on this page leads, within the site; nothing for links to elsewhere and to a place on the page.
    pub fn led(&self, href: &str) -> Option<Self> {
        let elsewhere = href.contains("://") || href.starts_with("mailto:") || href.starts_with("data:");
        if elsewhere || href.starts_with('#') {
            return None;
        }
        let (path, _) = href.split_once('#').unwrap_or((href, ""));
        if let Some(other) = path.strip_prefix("/lang/") {
            let (lang, to) = other.split_once("?to=")?;
            return Some(Self::new(if lang == "en" { "en" } else { "vi" }, decoded(to)));
        }
        let base = self.path.rfind('/').map_or("/", |at| &self.path[..=at]);
        let whole = if path.starts_with('/') { path.to_owned() } else { format!("{base}{path}") };
        let mut parts: Vec<&str> = Vec::new();
        for part in whole.split('/').skip(1) {
            match part {
                "." => parts.push(""),
                ".." => {
                    parts.pop();
                }
                part => {
                    if parts.last() == Some(&"") {
                        parts.pop();
                    }
                    parts.push(part);
                }
            }
        }
        Some(Self::new(self.lang, format!("/{}", parts.join("/"))))
    }
}

/// The way from one file to another.
pub fn way(from: &str, to: &str) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let folders = from.len().min(to.len()) - 1;
    let same = from.iter().zip(&to).take(folders).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(from.len() - 1 - same);
    let down: Vec<String> = to[same..].iter().map(|part| escaped(part)).collect();
    format!("{up}{}", down.join("/"))
}

/// A name as it stands in a link.
fn escaped(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// What becomes of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// It stays as it is.
    Same,
    /// It leads here.
    To(String),
    /// Only its text stays.
    Text,
    /// It goes, with its text.
    Nothing,
}

/// A page with every link, style and icon led to its file; scripts and forms go: no page needs them. `becomes` is asked for
/// each address that stands in an `a`, `link` or `img` element.
pub fn rewritten(html: &str, mut becomes: impl FnMut(&str) -> Becomes) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    // How each open `a` is to be closed.
    let mut closing = "</a>";
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        out.push_str(text);
        let Some(end) = tag.find('>').map(|end| end + 1) else { break };
        let (whole, after) = tag.split_at(end);
        let name: String =
            whole[1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        rest = after;
        match name.as_str() {
            "script" | "form" => {
                let close = format!("</{name}>");
                rest = after.find(&close).map_or("", |at| &after[at + close.len()..]);
            }
            "a" | "link" | "img" => {
                let Some((before, href, behind)) = href(whole) else {
                    out.push_str(whole);
                    continue;
                };
                match becomes(&href.replace("&amp;", "&").replace("&#38;", "&")) {
                    Becomes::Same => out.push_str(whole),
                    Becomes::To(to) => {
                        out.push_str(before);
                        out.push_str(&to);
                        out.push_str(behind);
                    }
                    Becomes::Text | Becomes::Nothing if name == "img" => {}
                    Becomes::Text => closing = "",
                    Becomes::Nothing => rest = after.find("</a>").map_or("", |at| &after[at + 4..]),
                }
            }
            "/a" => {
                out.push_str(closing);
                closing = "</a>";
            }
            _ => out.push_str(whole),
        }
    }
    out.push_str(rest);
    out
}

/// A tag around its address.
fn href(tag: &str) -> Option<(&str, &str, &str)> {
    let names = [" href=\"", " src=\""];
    let start = names.iter().find_map(|name| Some(tag.find(name)? + name.len()))?;
    let end = start + tag[start..].find('"')?;
    Some((&tag[..start], &tag[start..end], &tag[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_a_file_that_any_server_shows_as_a_page() {
        let file = |lang, path: &str| Address::new(lang, path).file(true);
        assert_eq!(file("vi", "/"), "index.html");
        assert_eq!(file("en", "/c/x/"), "en/c/x/index.html");
        assert_eq!(file("vi", "/c/x/unit-H26.VD1"), "c/x/unit-H26.VD1.html");
        assert_eq!(file("en", "/c/x/report.html"), "en/c/x/report.html");
        assert_eq!(Address::new("en", "/assets/a.css").file(false), "assets/a.css");
        assert_eq!(Address::new("vi", "/c/x/figures.csv").file(false), "c/x/figures.csv");
    }

    #[test]
    fn links_lead_where_they_led() {
        let page = Address::new("vi", "/c/x/r/1/target-a");
        let led = |href: &str| page.led(href).map(|to| format!("{}{}", to.lang, to.path));
        assert_eq!(led("./").unwrap(), "vi/c/x/r/1/");
        assert_eq!(led("unit-b#there").unwrap(), "vi/c/x/r/1/unit-b");
        assert_eq!(led("../../").unwrap(), "vi/c/x/");
        assert_eq!(led("/c/x/releases").unwrap(), "vi/c/x/releases");
        assert_eq!(led("/lang/en?to=/c/x/r/1/target-a").unwrap(), "en/c/x/r/1/target-a");
        assert_eq!(led("/lang/en?to=%2Fc%2Fx%2F").unwrap(), "en/c/x/");
        assert_eq!(led("https://x.vn/"), None);
        assert_eq!(led("#main"), None);
        assert_eq!(way("c/x/index.html", "assets/a.css"), "../../assets/a.css");
        assert_eq!(way("c/x/index.html", "c/x/unit-b.html"), "unit-b.html");
        assert_eq!(way("index.html", "en/index.html"), "en/index.html");
        assert_eq!(way("en/c/x/r/1/index.html", "c/x/r/1/index.html"), "../../../../../c/x/r/1/index.html");
    }

    #[test]
    fn scripts_and_forms_go_and_dead_links_leave_their_text() {
        let html = "<a class=b href=\"/x\">X</a><script src=\"y\" defer></script><a href=\"/gone\">text <b>b</b></a> \
                    <a href=\"/login\">in</a><form><button>b</button></form><a href=\"#t\">t</a>\
                    <img src=\"/x\" alt=\"\"><img src=\"/gone\">";
        let page = rewritten(html, |href| match href {
            "/x" => Becomes::To("x.html".into()),
            "/gone" => Becomes::Text,
            "/login" => Becomes::Nothing,
            _ => Becomes::Same,
        });
        assert_eq!(
            page,
            "<a class=b href=\"x.html\">X</a>text <b>b</b> <a href=\"#t\">t</a><img src=\"x.html\" alt=\"\">"
        );
    }
}
