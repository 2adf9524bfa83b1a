//! From an empty database and from every version that was shipped to the newest tables.
//!
//! `tests/versions/NNNN.sqlite.sql` and `NNNN.postgres.sql` are databases as the program of step NNNN left them, with the
//! same rows. When a new step ships, load the newest pair, open it with the new program, and save it under the new number:
//! `sqlite3 FILE .dump`, `pg_dump --inserts --no-owner` (without its `\` lines).

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use giaouoc_store::people::{self, Purpose, Role};
use giaouoc_store::{Store, StoreError, boards, clusters, jobs, releases, sessions, trail, uploads};
use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};

use crate::base::{Base, DAY, NOW, both};

both!(
    an_empty_database_gets_its_tables_once,
    of_programs_that_start_at_once_one_makes_the_tables,
    who_opens_a_database_waits_for_those_who_hold_it,
    a_step_that_fails_leaves_nothing,
    a_database_of_a_newer_program_is_refused_as_it_is,
    every_shipped_version_reaches_the_newest_tables_with_its_rows,
);

/// Every table, column and index, as text.
async fn schema(base: &Base) -> Vec<String> {
    let sql = if base.is_sqlite() {
        "SELECT name || ': ' || sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY 1"
    } else {
        "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
                || coalesce(column_default, '')
           FROM information_schema.columns WHERE table_schema = 'public'
         UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
    };
    let raw = base.raw().await;
    let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap();
    raw.close().await.unwrap();
    rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
}

async fn an_empty_database_gets_its_tables_once(base: Base) {
    assert_eq!(schema(&base).await, [""; 0]);
    base.store().await;
    let first = schema(&base).await;
    for table in ["person", "role", "session", "ticket", "cluster", "upload", "job", "board", "board_file"] {
        assert!(first.iter().any(|line| line.contains(table)), "{table}: {first:#?}");
    }
    let steps = base.count("seaql_migrations").await;
    base.store().await;
    assert_eq!(schema(&base).await, first);
    assert_eq!(base.count("seaql_migrations").await, steps);
}

async fn of_programs_that_start_at_once_one_makes_the_tables(base: Base) {
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let url = base.url.clone();
            tokio::spawn(async move { Store::open(&url).await.unwrap().ping().await.unwrap() })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(base.count("person").await, 0);
}

async fn who_opens_a_database_waits_for_those_who_hold_it(base: Base) {
    let raw = base.raw().await;
    // On SQLite this is the lock of a file that has no write-ahead log yet.
    let held = raw.begin().await.unwrap();
    held.execute_unprepared("CREATE TABLE other (x bigint)").await.unwrap();
    let url = base.url.clone();
    let opened = tokio::spawn(async move { Store::open(&url).await.map(|_| ()) });
    // Long enough for it to be refused, if it does not wait; it passes however slow it is.
    tokio::time::sleep(Duration::from_millis(300)).await;
    held.commit().await.unwrap();
    opened.await.unwrap().unwrap();
    assert_eq!(base.count("other").await, 0);
}

async fn a_step_that_fails_leaves_nothing(base: Base) {
    // In the way of the last table of the first step.
    let raw = base.raw().await;
    raw.execute_unprepared("CREATE TABLE trail (x bigint)").await.unwrap();
    let before = schema(&base).await;
    assert!(Store::open(&base.url).await.is_err());
    assert_eq!(schema(&base).await, before);
    raw.execute_unprepared("DROP TABLE trail").await.unwrap();
    base.store().await.ping().await.unwrap();
}

async fn a_database_of_a_newer_program_is_refused_as_it_is(base: Base) {
    // Of a branch of the program: it has a step that is unknown here and lacks one that is known.
    load(&base, &versions(&base)[0]).await;
    let raw = base.raw().await;
    raw.execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('0999_seals', 1)")
        .await
        .unwrap();
    let before = schema(&base).await;
    for _ in 0..2 {
        match Store::open(&base.url).await {
            Err(StoreError::Newer(step)) => assert_eq!(step, "0999_seals"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(schema(&base).await, before);

    raw.execute_unprepared("DELETE FROM seaql_migrations WHERE version = '0999_seals'").await.unwrap();
    base.store().await.ping().await.unwrap();
    raw.execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('0999_seals', 1)")
        .await
        .unwrap();
    assert!(matches!(Store::open(&base.url).await, Err(StoreError::Newer(_))));
}

/// The saved databases, oldest first.
fn versions(base: &Base) -> Vec<PathBuf> {
    let end = if base.is_sqlite() { ".sqlite.sql" } else { ".postgres.sql" };
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/versions");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.to_str().unwrap().ends_with(end)).collect();
    files.sort();
    files
}

async fn load(base: &Base, version: &PathBuf) {
    let raw = base.raw().await;
    raw.execute_unprepared(&fs::read_to_string(version).unwrap()).await.unwrap();
    raw.close().await.unwrap();
}

async fn every_shipped_version_reaches_the_newest_tables_with_its_rows(base: Base) {
    base.store().await;
    let newest = schema(&base).await;
    let versions = versions(&base);
    assert!(!versions.is_empty());
    for version in versions {
        empty(&base).await;
        load(&base, &version).await;
        let store = base.store().await;
        assert_eq!(schema(&base).await, newest, "{}", version.display());
        rows_are_there(&store).await;
    }
}

async fn empty(base: &Base) {
    let raw = base.raw().await;
    if base.is_sqlite() {
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap();
        for row in rows {
            let name: String = row.try_get_by_index(0).unwrap();
            raw.execute_unprepared(&format!("DROP TABLE {name}")).await.unwrap();
        }
    } else {
        raw.execute_unprepared("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
    }
    raw.close().await.unwrap();
}

/// The rows that every saved database has.
async fn rows_are_there(store: &Store) {
    let on = store.read();
    let lan = people::by_email(on, "lan@example.vn").await.unwrap().unwrap();
    assert_eq!((lan.id, lan.name.as_str(), lan.lang.as_str()), (2, "Nguyễn Thị Lan", "vi"));
    assert_eq!((lan.password.as_deref(), lan.second.as_deref()), (Some("$argon2id$x"), Some("JBSWY3DP")));
    let off = people::get(on, 3).await.unwrap().unwrap();
    assert_eq!((off.password, off.disabled_at), (None, Some(NOW)));
    let roles = people::roles(on, 2).await.unwrap();
    assert_eq!((roles[0].role, roles[0].unit.as_deref()), (Role::Officer, Some("SNV")));
    assert_eq!((roles[0].from.as_str(), roles[0].to.as_deref()), ("2026-01-01", Some("2026-12-31")));
    let known = sessions::known(on, "session-1", NOW - 1, NOW - 1).await.unwrap().unwrap();
    assert_eq!((known.person, known.session.agent.as_str()), (lan, "Firefox"));
    let (_, person, purpose) = people::ticket(on, "ticket-1", NOW).await.unwrap().unwrap();
    assert_eq!((person.id, purpose), (1, Purpose::First));
    assert_eq!(people::ticket(on, "ticket-2", NOW).await.unwrap(), None);
    let cluster = clusters::get(on, "cum-vi-2026").await.unwrap().unwrap();
    assert_eq!((cluster.name_vi.as_str(), cluster.year), ("Cụm thi đua số VI", 2026));
    let mapping = clusters::mapping(on, "cum-vi-2026", "SNV", "dossier", "Mã|Ngày nhận").await.unwrap();
    assert_eq!(mapping.as_deref(), Some("[columns]"));
    let upload = uploads::get(on, 1).await.unwrap().unwrap();
    assert_eq!((upload.state, upload.entry, upload.bytes), (uploads::State::Loaded, Some(12), 5_000_000_000));
    assert_eq!((upload.name.as_str(), upload.supplier.as_deref()), ("Hồ sơ 'quý II'.xlsx", Some("VPUB")));
    let done = jobs::get(on, 1).await.unwrap().unwrap();
    assert_eq!((done.work, done.state, done.about), (jobs::Work::Load, jobs::State::Done, Some(1)));
    let failed = jobs::get(on, 4).await.unwrap().unwrap();
    assert_eq!(failed.error, Some(("tệp hỏng".to_owned(), "a broken file".to_owned())));
    let board = boards::newest(on, "cum-vi-2026").await.unwrap().unwrap();
    assert_eq!((board.head, board.digest.as_str(), board.sheet.as_str()), (12, "aa", "{\"units\":[]}"));
    assert_eq!(boards::file(on, board.id, "report.vi.html").await.unwrap().as_deref(), Some("f1"));
    let release = releases::get(on, "cum-vi-2026", 1).await.unwrap().unwrap();
    assert_eq!((release.published_at, release.board), (Some(NOW), Some(board.id)));
    assert_eq!(release.standing.as_deref(), Some("{\"SNV\":\"confirmed\"}"));
    let confirmations = releases::confirmations(on, release.id).await.unwrap();
    assert_eq!(
        (confirmations[0].unit.as_str(), confirmations[0].on_behalf.as_deref()),
        ("SNV", Some("CV 3"))
    );
    let contests = releases::contests(on, "cum-vi-2026").await.unwrap();
    assert_eq!((contests[0].keys.as_str(), contests[0].reply.as_deref()), ("H1\nH2", Some("đúng")));
    let lines = trail::read(on, Some("cum-vi-2026"), None, None, 9).await.unwrap();
    assert_eq!((lines[0].0, lines[0].1.act, lines[0].1.at), (2, trail::Act::Load, NOW));

    // And the program goes on where the older one stopped: what ran is put back, what waits is not asked for again,
    // numbers go on.
    assert_eq!(jobs::resume(on).await.unwrap(), 1);
    assert_eq!(jobs::ask(on, jobs::Work::Measure, "cum-vi-2026", None, None, NOW).await.unwrap(), 3);
    let mut waiting = Vec::new();
    while let Some(job) = jobs::take(on, NOW).await.unwrap() {
        waiting.push((job.id, job.tries));
    }
    assert_eq!(waiting, [(2, 2), (3, 1)]);
    assert_eq!(people::add(on, "moi@example.vn", "Mới", "vi", NOW).await.unwrap().id, 4);
    assert_eq!(jobs::ask(on, jobs::Work::Measure, "cum-vi-2026", None, None, NOW).await.unwrap(), 5);
    let plan = releases::Plan {
        cluster: "cum-vi-2026".to_owned(),
        name_vi: String::new(),
        name_en: String::new(),
        confirm_by: NOW,
        publish_at: NOW + DAY,
        person: 2,
    };
    assert_eq!(releases::plan(on, plan, NOW).await.unwrap(), 2);
}
