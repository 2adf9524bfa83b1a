//! The service as people use it, in Debian's Chromium: journeys in `e2e/journeys`, driven through WebDriver by Python's
//! selenium (docs/decisions/0012-browser-journeys.md). `scripts/test` installs all of it.

use std::path::Path;
use std::process::Command;

use crate::program::root;

/// The folder that cargo builds into.
fn target() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_giaouoc")).ancestors().nth(2).unwrap()
}

/// Runs a journey; its own words are the test's.
fn journey(name: &str) {
    if std::env::var_os("GIAOUOC_NO_BROWSER").is_some_and(|said| said == "1") {
        eprintln!("SKIPPED: GIAOUOC_NO_BROWSER=1, nobody has gone through the journey {name}");
        return;
    }
    let python = target().join("oracle-venv/bin/python");
    assert!(python.exists(), "run scripts/test, or say GIAOUOC_NO_BROWSER=1 to go without a browser");
    let output = Command::new("timeout")
        .args(["--kill-after=5", "1500"])
        .arg(python)
        .arg("-B")
        .arg(root().join(format!("e2e/journeys/{name}.py")))
        .env("GIAOUOC", env!("CARGO_BIN_EXE_giaouoc"))
        .env("GIAOUOC_AXE", target().join("npm/node_modules/axe-core/axe.min.js"))
        .env("GIAOUOC_SHOTS", target().join("shots"))
        .env("GIAOUOC_OIDC", target().join("npm/node_modules/oidc-provider/lib/index.js"))
        .output()
        .unwrap();
    let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    eprint!("{said}");
    assert!(output.status.success(), "{name}: {said}\n{wrong}");
    assert!(said.contains(&format!("{name}: ok")), "{name} did not come to its end: {said}");
}

#[test]
fn from_a_messy_file_to_a_published_release() {
    journey("office");
}

#[test]
fn a_year_of_plans_dialogues_models_good_deeds_and_a_review() {
    journey("work");
}

#[test]
fn a_half_year_in_one_workbook_and_six_screens() {
    journey("workbook");
}

#[test]
fn killed_at_random_nothing_acknowledged_is_missing_and_nothing_happens_twice() {
    journey("killed");
}

#[test]
fn letters_log_ins_elsewhere_and_passkeys() {
    journey("accounts");
}

#[test]
fn software_sends_records_and_reads_figures_and_schemathesis_finds_nothing() {
    journey("api");
}

#[test]
fn records_by_form_corrected_by_two_and_followed_to_a_due_date() {
    journey("records");
}

#[test]
fn files_that_mean_harm_are_refused_and_the_service_goes_on() {
    journey("hostile");
}

#[test]
fn one_export_for_six_units_questions_answered_and_figures_opened() {
    journey("signals");
}

#[test]
fn backed_up_and_restored_while_files_come_in_with_a_doctor_measurements_and_logs() {
    journey("upkeep");
}

#[test]
fn a_full_disk_a_read_only_folder_and_a_database_that_goes_away_are_told_and_lose_nothing() {
    journey("trouble");
}

#[test]
fn a_year_is_agreed_on_with_last_years_figures_beside_every_target() {
    journey("agreeing");
}

#[test]
fn the_ceremony_on_paper_from_the_print_to_in_force() {
    journey("ceremony");
}

#[test]
fn the_public_pages_as_files_for_any_web_server() {
    journey("site");
}

#[test]
fn the_city_at_a_glance_a_headship_handed_over_one_search_and_notices() {
    journey("city");
}

#[test]
fn a_lived_year_read_by_the_public_with_the_keyboard_alone_and_carried_out_and_in() {
    journey("reading");
}
