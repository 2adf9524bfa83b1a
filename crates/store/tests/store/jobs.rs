//! The queue.

use std::collections::BTreeSet;

use giaouoc_store::clusters::{self, Cluster};
use giaouoc_store::jobs::{self, State, Work};
use giaouoc_store::{Result, Store};

use crate::base::{Base, NOW, both, twice};

both!(
    work_that_waits_is_not_asked_for_twice,
    work_asked_for_at_once_waits_once,
    a_job_that_was_moved_by_hand_does_not_stand_in_the_way,
    work_with_a_note_is_another_job_each_time,
    a_change_that_is_taken_back_leaves_no_job,
    the_oldest_is_taken_first,
    each_job_goes_to_one_of_several_workers,
    whoever_asks_for_waiting_work_is_seen_by_who_takes_it,
    what_was_left_running_is_put_back,
    work_of_another_program_is_left_waiting,
    a_job_ends_with_its_reason,
    the_newest_job_about_something_is_found,
    open_jobs_are_those_that_wait_or_run,
);

async fn ask(store: &Store, work: Work, cluster: &str, about: Option<i64>) -> i64 {
    jobs::ask(store.read(), work, cluster, about, Some(7), NOW).await.unwrap()
}

async fn work_that_waits_is_not_asked_for_twice(base: Base) {
    let store = base.store().await;
    let first = ask(&store, Work::Measure, "c", None).await;
    assert_eq!(ask(&store, Work::Measure, "c", None).await, first);
    let others = [
        ask(&store, Work::Measure, "d", None).await,
        ask(&store, Work::Check, "c", None).await,
        ask(&store, Work::Check, "c", Some(1)).await,
        ask(&store, Work::Check, "c", Some(2)).await,
        // A cluster whose name looks like another one with what it is about.
        ask(&store, Work::Check, "c 1", None).await,
    ];
    let all: BTreeSet<i64> = others.into_iter().chain([first]).collect();
    assert_eq!(all.len(), 6);
    // Once it runs, it may have looked already: what is asked for now is another job.
    let taken = jobs::take(store.read(), NOW).await.unwrap().unwrap();
    assert_eq!((taken.id, taken.person), (first, Some(7)));
    let second = ask(&store, Work::Measure, "c", None).await;
    assert_ne!(second, first);
    assert_eq!(ask(&store, Work::Measure, "c", None).await, second);
    // One that was put back waits like any other.
    jobs::resume(store.read()).await.unwrap();
    assert_eq!(ask(&store, Work::Measure, "c", None).await, first);
}

async fn work_asked_for_at_once_waits_once(base: Base) {
    let store = base.store().await;
    let press = |store: Store, about: i64| async move {
        let write = store.write().await?;
        let id = jobs::ask(write.on(), Work::Load, "c", Some(about), None, NOW).await?;
        tokio::task::yield_now().await;
        write.commit().await?;
        Result::Ok(id)
    };
    for about in 0..5 {
        let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(press(store.clone(), about))).collect();
        let mut ids = BTreeSet::new();
        for task in tasks {
            ids.insert(task.await.unwrap().unwrap());
        }
        assert_eq!(ids.len(), 1);
    }
    assert_eq!(base.count("job").await, 5);
    let [first, second] =
        twice(&store, async |write| jobs::ask(write.on(), Work::Measure, "c", None, None, NOW).await).await;
    assert_eq!(first, second);
}

async fn a_job_that_was_moved_by_hand_does_not_stand_in_the_way(base: Base) {
    use sea_orm::ConnectionTrait as _;
    let store = base.store().await;
    let first = ask(&store, Work::Measure, "c", None).await;
    base.raw().await.execute_unprepared("UPDATE job SET state = 'failed'").await.unwrap();
    let second = ask(&store, Work::Measure, "c", None).await;
    assert_ne!(first, second);
    assert_eq!(ask(&store, Work::Measure, "c", None).await, second);
}

async fn work_with_a_note_is_another_job_each_time(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let one = jobs::ask_with(on, Work::Record, "c", "{\"n\":1}".to_owned(), None, NOW).await.unwrap();
    let two = jobs::ask_with(on, Work::Record, "c", "{\"n\":1}".to_owned(), None, NOW).await.unwrap();
    // Who asks without a note does not mean one of those.
    let three = ask(&store, Work::Record, "c", None).await;
    assert_eq!(BTreeSet::from([one, two, three]).len(), 3);
    let taken = jobs::take(on, NOW).await.unwrap().unwrap();
    assert_eq!((taken.id, taken.note.as_deref(), taken.about), (one, Some("{\"n\":1}"), None));
}

async fn a_change_that_is_taken_back_leaves_no_job(base: Base) {
    let store = base.store().await;
    let write = store.write().await.unwrap();
    jobs::ask(write.on(), Work::Measure, "c", None, None, NOW).await.unwrap();
    assert!(jobs::take(write.on(), NOW).await.unwrap().is_some(), "within the transaction it is there");
    drop(write);
    assert_eq!(jobs::take(store.read(), NOW).await.unwrap(), None);
    // What was taken back does not stand in the way of who asks later.
    let write = store.write().await.unwrap();
    jobs::ask(write.on(), Work::Measure, "c", None, None, NOW).await.unwrap();
    write.commit().await.unwrap();
    assert!(jobs::take(store.read(), NOW).await.unwrap().is_some());
}

async fn the_oldest_is_taken_first(base: Base) {
    let store = base.store().await;
    let mut asked = Vec::new();
    for about in [3, 1, 2] {
        asked.push(ask(&store, Work::Check, "c", Some(about)).await);
    }
    let mut taken = Vec::new();
    while let Some(job) = jobs::take(store.read(), NOW + 1).await.unwrap() {
        assert_eq!((job.state, job.tries), (State::Running, 1));
        assert_eq!(jobs::get(store.read(), job.id).await.unwrap(), Some(job.clone()));
        taken.push(job.id);
    }
    assert_eq!(taken, asked);
}

async fn each_job_goes_to_one_of_several_workers(base: Base) {
    let store = base.store().await;
    let write = store.write().await.unwrap();
    for about in 0..200 {
        jobs::ask(write.on(), Work::Check, "c", Some(about), None, NOW).await.unwrap();
    }
    write.commit().await.unwrap();
    let worker = |store: Store| async move {
        let mut taken = Vec::new();
        while let Some(job) = jobs::take(store.read(), NOW).await? {
            jobs::end(store.read(), job.id, None, NOW).await?;
            taken.push(job.id);
        }
        Result::Ok(taken)
    };
    let workers: Vec<_> = (0..8).map(|_| tokio::spawn(worker(store.clone()))).collect();
    let mut taken = Vec::new();
    for worker in workers {
        taken.extend(worker.await.unwrap().unwrap());
    }
    assert_eq!(taken.len(), 200);
    assert_eq!(taken.into_iter().collect::<BTreeSet<_>>().len(), 200);
    assert_eq!(base.count("job WHERE tries = 1 AND state = 'done'").await, 200);
}

/// A job waits; somebody changes something and asks for the same job; before that is true, a worker comes. It must not
/// take the job, look at what was there before, and leave nobody who looks at the change.
async fn whoever_asks_for_waiting_work_is_seen_by_who_takes_it(base: Base) {
    let store = base.store().await;
    let named = |name: &str| Cluster {
        slug: "c".to_owned(),
        name_vi: name.to_owned(),
        name_en: String::new(),
        year: 2026,
    };
    clusters::put(store.read(), &named("before"), NOW).await.unwrap();
    ask(&store, Work::Measure, "c", None).await;

    let write = store.write().await.unwrap();
    clusters::put(write.on(), &named("after"), NOW).await.unwrap();
    jobs::ask(write.on(), Work::Measure, "c", None, None, NOW).await.unwrap();
    let worker = tokio::spawn({
        let store = store.clone();
        async move {
            let mut seen = String::new();
            while jobs::take(store.read(), NOW).await.unwrap().is_some() {
                seen = clusters::get(store.read(), "c").await.unwrap().unwrap().name_vi;
            }
            seen
        }
    });
    // Long enough for a worker that does not wait; one that waits passes however slow it is.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    write.commit().await.unwrap();
    assert_eq!(worker.await.unwrap(), "after");
}

async fn what_was_left_running_is_put_back(base: Base) {
    let store = base.store().await;
    for about in 0..4 {
        ask(&store, Work::Check, "c", Some(about)).await;
    }
    let mut taken = Vec::new();
    for _ in 0..3 {
        taken.push(jobs::take(store.read(), NOW).await.unwrap().unwrap());
    }
    jobs::end(store.read(), taken[0].id, None, NOW).await.unwrap();
    jobs::progress(store.read(), taken[1].id, 5, 9).await.unwrap();
    drop(store);

    // The program starts again.
    let store = base.store().await;
    assert_eq!(jobs::resume(store.read()).await.unwrap(), 2);
    assert_eq!(jobs::resume(store.read()).await.unwrap(), 0);
    let mut again = Vec::new();
    while let Some(job) = jobs::take(store.read(), NOW).await.unwrap() {
        again.push((job.about.unwrap(), job.tries));
    }
    assert_eq!(again, [(1, 2), (2, 2), (3, 1)]);
}

async fn work_of_another_program_is_left_waiting(base: Base) {
    use sea_orm::ConnectionTrait as _;
    let store = base.store().await;
    let first = ask(&store, Work::Undo, "c", None).await;
    let second = ask(&store, Work::Check, "c", None).await;
    base.raw().await.execute_unprepared("UPDATE job SET work = 'dance' WHERE work = 'undo'").await.unwrap();
    assert_eq!(jobs::take(store.read(), NOW).await.unwrap().unwrap().id, second);
    assert_eq!(jobs::take(store.read(), NOW).await.unwrap(), None);
    assert_eq!(base.count(&format!("job WHERE id = {first} AND state = 'waiting'")).await, 1);
}

async fn a_job_ends_with_its_reason(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let id = ask(&store, Work::Check, "c", Some(1)).await;
    let other = ask(&store, Work::Check, "c", Some(2)).await;
    jobs::take(on, NOW).await.unwrap();
    jobs::progress(on, id, 3, 10).await.unwrap();
    let job = jobs::get(on, id).await.unwrap().unwrap();
    assert_eq!((job.done, job.total, job.state), (3, 10, State::Running));
    let error = ("tệp hỏng".to_owned(), "a broken file".to_owned());
    jobs::end(on, id, Some(error.clone()), NOW).await.unwrap();
    let job = jobs::get(on, id).await.unwrap().unwrap();
    assert_eq!((job.state, job.error), (State::Failed, Some(error)));
    jobs::take(on, NOW).await.unwrap();
    jobs::end(on, other, None, NOW).await.unwrap();
    let job = jobs::get(on, other).await.unwrap().unwrap();
    assert_eq!((job.state, job.error), (State::Done, None));
    assert_eq!(jobs::resume(on).await.unwrap(), 0, "what is over is over");
}

async fn the_newest_job_about_something_is_found(base: Base) {
    let store = base.store().await;
    let on = store.read();
    ask(&store, Work::Check, "c", Some(1)).await;
    let load = ask(&store, Work::Load, "c", Some(1)).await;
    let other = ask(&store, Work::Load, "c", Some(2)).await;
    ask(&store, Work::Undo, "d", Some(1)).await;
    let latest =
        async |works: &[Work], about| jobs::latest(on, "c", works, about).await.unwrap().map(|job| job.id);
    assert_eq!(latest(&[Work::Check, Work::Load], Some(1)).await, Some(load));
    assert_eq!(latest(Work::ALL, None).await, Some(other));
    assert_eq!(latest(&[Work::Undo], Some(1)).await, None);
}

async fn open_jobs_are_those_that_wait_or_run(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let done = ask(&store, Work::Check, "c", Some(1)).await;
    let runs = ask(&store, Work::Check, "c", Some(2)).await;
    let elsewhere = ask(&store, Work::Check, "d", Some(3)).await;
    let waits = ask(&store, Work::Check, "c", Some(4)).await;
    jobs::take(on, NOW).await.unwrap();
    jobs::take(on, NOW).await.unwrap();
    jobs::end(on, done, None, NOW).await.unwrap();
    let open = async |cluster| {
        jobs::open(on, cluster).await.unwrap().into_iter().map(|job| job.id).collect::<Vec<_>>()
    };
    assert_eq!(open(None).await, [runs, elsewhere, waits]);
    assert_eq!(open(Some("c")).await, [runs, waits]);
}
