//! The worker: takes one job after another from the queue and does it. Whatever it had begun when it was killed is begun
//! again at the next start, and finds what was done already.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::jobs::{self, Job, Work};
use giaouoc_store::{Store, StoreError, Trouble};
use giaouoc_web::files::Files;
use giaouoc_worktime::zone::Zone;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::finding::{self, Finding};
use super::records::Journals;
use super::watch::{Since, Watch};
use super::{
    Folder, agree, carry, drafting, forget, intake, measure, nil, now, publish, questions, recount,
    store_fault,
};
use crate::fault::{Fault, Outcome};
use crate::screen::Screen;

/// What the worker has at hand.
pub struct Worker {
    /// People, uploads, jobs.
    pub store: Store,
    /// Where the bundles lie.
    pub folder: Folder,
    /// Files by digest.
    pub files: Files,
    /// Where the store's futures run.
    pub runtime: Handle,
    /// Whether letters are sent.
    pub mail: bool,
    /// A cluster is measured again after so long at the earliest.
    pub rest: Duration,
    /// After so many days the bytes of uploads are removed.
    pub keep_uploads_days: Option<u32>,
    /// The index that is searched.
    pub finding: Option<Arc<Finding>>,
    /// The clusters' journals, as pages ask them.
    pub journals: Arc<Journals>,
    /// The zone of days.
    pub zone: Zone,
    /// What is counted.
    pub watch: Watch,
    /// Whether the database went away under the job at hand.
    pub gone: AtomicBool,
}

/// A job that was broken off so often is given up with its reason: it may be what ends the program. Being killed by somebody
/// now and then must not come to that.
const TRIES: i64 = 20;
/// How long the worker sleeps when nobody wakes it.
const NAP: Duration = Duration::from_secs(5);

/// Begins to work, in a thread of its own.
pub fn start(worker: Worker, wake: Arc<Notify>, stop: Arc<AtomicBool>) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut resting = Resting::default();
        while !stop.load(Ordering::Relaxed) {
            let (not, nap) = resting.now(clock());
            match worker.wait(jobs::take_but(worker.store.read(), Work::Measure, &not, now())) {
                Ok(Some(job)) => {
                    let began = clock();
                    worker.work(&job, &stop);
                    if job.work == Work::Measure {
                        resting.after(job.cluster, began, worker.rest);
                    }
                }
                Ok(None) => worker.runtime.block_on(async {
                    let _ = tokio::time::timeout(nap.min(NAP), wake.notified()).await;
                }),
                Err(error) => {
                    tracing::error!(target: "giaouoc::job", why = %error, "the queue does not answer");
                    thread::sleep(NAP);
                }
            }
        }
    })
}

/// A clock that never goes back: how long a cluster rests is no matter of the day.
#[expect(clippy::disallowed_methods, reason = "nothing that is measured or kept depends on it")]
fn clock() -> Instant {
    Instant::now()
}

/// Clusters that were measured just now. Programs that bring records every second would have the worker measure and do
/// nothing else; a job that rests stays in the queue and is done later, with what came meanwhile.
#[derive(Debug, Default)]
struct Resting(HashMap<String, Instant>);

impl Resting {
    /// Which clusters rest, and for how long the first of them still does.
    fn now(&mut self, now: Instant) -> (Vec<String>, Duration) {
        self.0.retain(|_, until| *until > now);
        let nap = self.0.values().map(|until| *until - now).min().unwrap_or(NAP);
        (self.0.keys().cloned().collect(), nap)
    }

    /// A cluster was measured: it rests, and longer when measuring took longer.
    fn after(&mut self, cluster: String, began: Instant, rest: Duration) {
        let now = clock();
        let took = now.duration_since(began);
        self.0.insert(cluster, now + rest.max(took));
    }
}

impl Worker {
    /// Waits for the store.
    pub fn wait<T>(&self, future: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let done = self.runtime.block_on(future);
        if let Err(error) = &done
            && error.trouble() == Some(Trouble::Gone)
        {
            self.gone.store(true, Ordering::Relaxed);
        }
        done
    }

    /// When and how people are told of something.
    pub fn told(&self) -> giaouoc_web::notices::Now {
        let at = now();
        giaouoc_web::notices::Now { at, today: giaouoc_web::day_of(at, &self.zone), mail: self.mail }
    }

    /// Keeps a file by its digest, which it gives.
    pub fn keep(&self, bytes: &[u8]) -> Outcome<String> {
        let kept = self.files.keep(&super::secret(), bytes);
        kept.map_err(|error| Fault::io(&self.folder.files(), &error))
    }

    /// Waits for the store, as a command does.
    pub fn ask<T>(&self, future: impl Future<Output = Result<T, StoreError>>) -> Outcome<T> {
        self.wait(future).map_err(|error| store_fault(&error))
    }

    /// How jobs talk: to nobody.
    pub fn screen(lang: Lang) -> Screen {
        Screen { lang, width: 100, watched: false }
    }

    fn work(&self, job: &Job, stop: &AtomicBool) {
        self.gone.store(false, Ordering::Relaxed);
        let since = Since::now();
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.one(job)));
        // Of a wrong file the reason may quote what is in it: its owner reads it at the desk, the log does not.
        let mut why = String::new();
        let error = match done {
            Ok(Ok(())) => None,
            Ok(Err(fault)) => {
                let text = said(&fault);
                if matches!(fault, Fault::System(_)) {
                    why.clone_from(&text.en);
                }
                Some(text)
            }
            Err(_) => Some(Text::new(
                "việc bị dừng giữa chừng vì lỗi của chương trình",
                "the job was stopped by an error of the program",
            )),
        };
        if error.is_some() {
            tracing::error!(target: "giaouoc::job", job = job.id, work = job.work.word(), why, "a job failed");
        }
        self.watch.job(job.id, job.work.word(), &job.cluster, error.is_some(), since);
        // A job that lost its database is no failure of whoever asked for it: it waits, and is begun again.
        let again = error.is_some() && self.gone.load(Ordering::Relaxed);
        let error = error.map(|text| (text.vi, text.en));
        while let Err(error) = self.wait(async {
            match again {
                true => jobs::resume(self.store.read()).await.map(|_| ()),
                false => jobs::end(self.store.read(), job.id, error.clone(), now()).await,
            }
        }) {
            tracing::error!(target: "giaouoc::job", job = job.id, why = %error, "its end was not noted");
            // What is not noted by the end of the program is begun again at the next start.
            if stop.load(Ordering::Relaxed) {
                return;
            }
            thread::sleep(NAP);
        }
    }

    /// What is found of a cluster has changed: once the jobs before it are done, the index is brought up to date.
    pub fn find_anew(&self, cluster: &str) -> Outcome {
        self.ask(jobs::ask(self.store.read(), Work::Index, cluster, None, None, now()))?;
        Ok(())
    }

    fn one(&self, job: &Job) -> Outcome {
        if job.tries > TRIES {
            intake::give_up(self, job)?;
            if job.work == Work::Recount {
                recount::give_up(self, job)?;
            }
            return Err(Fault::System(Text::new(
                format!("việc này đã dừng giữa chừng {TRIES} lần nên không làm lại nữa"),
                format!("this job was broken off {TRIES} times and is not tried again"),
            )));
        }
        match job.work {
            Work::Check => intake::check(self, job),
            Work::Load => intake::load(self, job),
            Work::Undo => intake::undo(self, job),
            Work::Record => nil::record(self, job),
            Work::Carry => carry::carry(self, job),
            Work::Measure => {
                measure::measure(self, &job.cluster)?;
                self.find_anew(&job.cluster)
            }
            Work::Recount => recount::recount(self, job),
            Work::Signals => {
                questions::find(self, job)?;
                self.find_anew(&job.cluster)
            }
            Work::Publish => {
                publish::publish(self, job)?;
                self.find_anew(&job.cluster)
            }
            Work::Forget => forget::forget(self, job),
            Work::Index => finding::index(self, job),
            Work::Draft => drafting::measure(self, job),
            Work::Agree => {
                agree::write(self, job)?;
                self.find_anew(&job.cluster)
            }
        }
    }
}

/// A fault as one text.
pub fn said(fault: &Fault) -> Text {
    match fault {
        Fault::No => Text::new("kết quả là không", "the answer is no"),
        Fault::Input(text) | Fault::System(text) => text.clone(),
        Fault::Bundle { problems, .. } => {
            let of = |get: fn(&Text) -> &str| {
                problems.iter().map(|problem| get(&problem.message).to_owned()).collect::<Vec<_>>().join("; ")
            };
            Text::new(of(|text| &text.vi), of(|text| &text.en))
        }
    }
}
