//! The report as a person meets it: in Debian's Chromium, at the widths of a phone and of a desk, light and dark, with
//! axe-core looking for what somebody could not read or reach. `scripts/test` installs both.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::program::{giaouoc_in, root};
use crate::report::{hostile, permit_log};

/// Where `scripts/test` puts axe-core.
const AXE: &str = "npm/node_modules/axe-core/axe.min.js";
const CSP: &str =
    r#"<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline'">"#;

/// The folder that cargo builds into: the program lies in `debug` or `release` below it.
fn target() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_giaouoc")).ancestors().nth(2).unwrap().to_owned()
}

/// Whether there is a browser to look with. To go without one must be said.
fn browser() -> Option<String> {
    if std::env::var_os("GIAOUOC_NO_BROWSER").is_some_and(|said| said == "1") {
        eprintln!("SKIPPED: GIAOUOC_NO_BROWSER=1, nobody has looked at the report");
        return None;
    }
    let axe = std::fs::read_to_string(target().join(AXE));
    Some(axe.unwrap_or_else(|_| {
        panic!("axe-core is not there: run scripts/test, or say GIAOUOC_NO_BROWSER=1 to go without a browser")
    }))
}

/// What Chromium makes of a page, as text.
fn chromium(page: &Path, settings: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new("timeout")
        .args(["--kill-after=5", "180", "chromium", "--headless=new", "--no-sandbox", "--disable-gpu"])
        .args(["--disable-dev-shm-usage", "--window-size=1500,1000", "--virtual-time-budget=150000"])
        .arg(format!("--user-data-dir={}", home.path().display()))
        .args(settings)
        .arg("--dump-dom")
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    assert!(output.status.success(), "chromium: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The page with a look inside: axe and the runner before its end.
fn watched(html: &str, axe: &str) -> String {
    let runner = std::fs::read_to_string(root().join("e2e/browser/look.js")).unwrap();
    assert!(html.contains(CSP), "the page forbids itself everything but its own style");
    html.replace(CSP, "")
        .replace("</body>", &format!("<script>{axe}</script><script>{runner}</script></body>"))
}

/// Looks at a report in a frame of a width.
fn look(html: &str, axe: &str, width: u32, dark: bool) -> Value {
    let dir = tempfile::tempdir().unwrap();
    // A string of JavaScript in a script element: only the end of such an element must not be in it.
    let inside =
        serde_json::to_string(&watched(html, axe)).unwrap().replace("</", "<\\/").replace("<!--", "<\\!--");
    let owner = format!(
        "<!doctype html><meta charset=utf-8><style>:root{{color-scheme:light dark}}</style><body><script>
        addEventListener('message', said => {{ document.body.textContent = 'FOUND' + said.data + 'END' }});
        const frame = document.createElement('iframe');
        frame.style = 'border:0;width:{width}px;height:900px';
        frame.srcdoc = {inside};
        document.body.append(frame);
        </script></body>"
    );
    let path = dir.path().join("owner.html");
    std::fs::write(&path, owner).unwrap();
    let scheme = if dark {
        "--blink-settings=preferredColorScheme=0"
    } else {
        "--blink-settings=preferredColorScheme=1"
    };
    let dom = chromium(&path, &[scheme]);
    let said = dom.split_once("FOUND").and_then(|(_, rest)| rest.split_once("END")).map(|(said, _)| said);
    let said = said.unwrap_or_else(|| panic!("no answer at {width} px: {}", dom.len()));
    let said = said.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&");
    serde_json::from_str(&said).unwrap()
}

fn reads_well(what: &str, html: &str, axe: &str) {
    for (width, dark) in [(360, false), (1440, false), (360, true), (1440, true)] {
        let found = look(html, axe, width, dark);
        let at = format!("{what} at {width} px, dark: {dark}: {found:#}");
        assert_eq!(found["width"], width, "{at}");
        assert_eq!(found["dark"], dark, "{at}");
        assert_eq!(found["page"], if dark { "rgb(20, 24, 29)" } else { "rgb(255, 255, 255)" }, "{at}");
        assert_eq!(found["sideways"], 0, "nothing leaves the page sideways: {at}");
        assert_eq!(found["requests"], Value::Array(Vec::new()), "no request leaves the file: {at}");
        assert_eq!(found["violations"], Value::Array(Vec::new()), "{at}");
        assert!(found["passes"].as_u64().unwrap() > 20, "axe looked: {at}");
    }
}

fn page(locale: &str, bundle: &Path) -> String {
    let args = ["score".as_ref(), bundle.as_os_str(), "--format=html".as_ref()];
    let run = giaouoc_in(locale, 80, args);
    assert_eq!(run.code, 0, "{}", run.err);
    run.out
}

#[test]
fn the_example_reads_well_on_a_phone_and_a_desk_light_and_dark() {
    let Some(axe) = browser() else { return };
    let bundle = root().join("examples/ha-noi-cum-vi-2020");
    reads_well("the example", &page("vi_VN.UTF-8", &bundle), &axe);
}

#[test]
fn the_permit_log_reads_well_in_english() {
    let Some(axe) = browser() else { return };
    let Some(dir) = permit_log() else { return };
    reads_well("the permit log", &page("en_US.UTF-8", dir.path()), &axe);
}

#[test]
fn endless_names_do_not_push_the_page_sideways() {
    let Some(axe) = browser() else { return };
    let page = page("vi_VN.UTF-8", hostile().path());
    for width in [360, 1440] {
        let found = look(&page, &axe, width, false);
        assert_eq!(found["sideways"], 0, "{found:#}");
        assert_eq!(found["violations"], Value::Array(Vec::new()), "{found:#}");
    }
}

/// In a frame that may not run scripts; one is planted to see that it does not.
#[test]
fn it_reads_with_scripts_off() {
    if browser().is_none() {
        return;
    }
    let html = page("vi_VN.UTF-8", &root().join("examples/ha-noi-cum-vi-2020"));
    let planted =
        html.replace(CSP, "").replace("</body>", "<script>document.body.textContent = 'RAN'</script></body>");
    let inside = serde_json::to_string(&planted).unwrap().replace("</", "<\\/");
    let owner = format!(
        "<!doctype html><meta charset=utf-8><body><script>
        const frame = document.createElement('iframe');
        frame.sandbox = 'allow-same-origin';
        frame.srcdoc = {inside};
        frame.addEventListener('load', () => {{
            document.body.append('FOUND' + frame.contentDocument.body.innerText + 'END');
            frame.remove();
        }});
        document.body.append(frame);
        </script></body>"
    );
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("owner.html");
    std::fs::write(&path, owner).unwrap();
    let dom = chromium(&path, &[]);
    let seen = dom.rsplit_once("FOUND").unwrap_or_else(|| panic!("{}", dom.len())).1;
    for word in ["Sở Nội vụ", "94,96 %", "chưa đạt", "Cách tính"] {
        assert!(seen.contains(word), "{word}: {}", &seen[..seen.len().min(500)]);
    }
    assert!(!seen.contains("RAN"));
}

/// The look itself must be able to fail.
#[test]
fn the_look_sees_what_is_wrong() {
    let Some(axe) = browser() else { return };
    let html = page("vi_VN.UTF-8", &root().join("examples/ha-noi-cum-vi-2020"));
    let broken = html
        .replace("--mute:#59636e", "--mute:#c9ced4")
        .replace("<main>", "<main><div style=\"width:2000px\">.</div>");
    let found = look(&broken, &axe, 360, false);
    assert!(found["sideways"].as_i64().unwrap() > 0, "{found:#}");
    assert!(found["violations"].to_string().contains("color-contrast"), "{found:#}");
}
