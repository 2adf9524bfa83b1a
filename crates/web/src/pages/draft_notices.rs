//! Who is told of what while a draft goes round: units that have not answered, the secretary when a unit remarks or objects,
//! the unit when its point was answered; and once it is frozen, leaders whose unit has not signed.

use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::agreeing::{Draft, Part, Sort};
use giaouoc_store::notices::Kind;
use giaouoc_store::people::Role;
use giaouoc_store::{Result, Write};
use giaouoc_year::agreeing::{Opinion, Stage, Stance};

use super::draft::{Held, address};
use super::draft_blocks::place_name;
use crate::html::encoded;
use crate::notices::{self, Matter, Now, Whom, Why};
use crate::state::State;

/// How everything begins that a draft tells of.
fn of(held: &Held) -> String {
    format!("draft {} {} ", held.cluster.slug, held.draft.number)
}

/// Who has not spoken yet reads that the draft waits for them, until this day. Their letter is one of its own.
pub(super) async fn asked(
    state: &State,
    write: &Write,
    held: &Held,
    units: &[String],
    day: &str,
) -> Result<()> {
    let slug = held.cluster.slug.as_str();
    let now = Now { mail: false, ..Now::of(state) };
    for unit in units {
        let once = format!("{}asks {unit}", of(held));
        // Of another day it is told anew.
        notices::done(write, &once, now.at).await?;
        let matter = Matter {
            kind: Kind::Comment,
            cluster: Some(slug.to_owned()),
            unit: Some(unit.clone()),
            path: format!("{}units/{}", address(slug, held.draft.number), encoded(unit)),
            about: held.paper().map(|paper| paper.title.clone()).unwrap_or_default(),
            why: Why::By(day.to_owned()),
        };
        let whom = Whom::Holders { roles: &[Role::Officer, Role::Leader], cluster: slug, unit: Some(unit) };
        notices::raise(write, &now, whom, &once, &matter).await?;
    }
    Ok(())
}

/// The draft has taken a step: of a frozen text nobody is asked for remarks any more, of one that is open again nobody for a
/// signature. Leaders whose unit signs after it came into force are told still.
pub(super) async fn moved(state: &State, write: &Write, held: &Held, new: &Draft) -> Result<()> {
    let begin = of(held);
    let stage = Stage::of(&new.stage);
    let ended: &[&str] = match stage {
        Some(Stage::Circulating) => &["signs "],
        Some(Stage::Frozen | Stage::InForce) => &["asks ", "said "],
        _ => &[""],
    };
    for part in ended {
        giaouoc_store::notices::done_all(write.on(), &format!("{begin}{part}"), state.now()).await?;
    }
    if stage == Some(Stage::Frozen) && held.stage != Stage::Frozen {
        to_sign(state, write, held, new.digest.as_deref().unwrap_or_default()).await?;
    }
    Ok(())
}

/// The text of this digest waits for the leaders of units of which there is no signature under it yet.
async fn to_sign(state: &State, write: &Write, held: &Held, digest: &str) -> Result<()> {
    let slug = held.cluster.slug.as_str();
    for (unit, found, _) in held.signatures() {
        // What was signed before the draft was opened again is another text.
        if found.is_some_and(|(_, _, signature)| signature.digest == digest) {
            continue;
        }
        let matter = Matter {
            kind: Kind::Signing,
            cluster: Some(slug.to_owned()),
            unit: Some(unit.clone()),
            path: format!("{}signing#signatures", address(slug, held.draft.number)),
            about: held.paper().map(|paper| paper.title.clone()).unwrap_or_default(),
            why: Why::Answer,
        };
        let whom = Whom::Holders { roles: &[Role::Leader], cluster: slug, unit: Some(&unit) };
        let once = format!("{}signs {unit}", of(held));
        notices::raise(write, &Now::of(state), whom, &once, &matter).await?;
    }
    Ok(())
}

/// Something was said about a draft, or answered.
pub(super) async fn said(state: &State, write: &Write, held: &Held, part: &Part) -> Result<()> {
    let (slug, unit, now) = (held.cluster.slug.as_str(), part.unit.as_str(), Now::of(state));
    let once = format!("{}said {unit} {}", of(held), part.place);
    let at = address(slug, held.draft.number);
    let about = |lang: Lang| {
        let place = place_name(&part.place, held.paper(), lang);
        format!("{}, {place}", held.short(unit, lang))
    };
    let matter = |kind, unit, path| Matter {
        kind,
        cluster: Some(slug.to_owned()),
        unit,
        path,
        about: Text::new(about(Lang::Vi), about(Lang::En)),
        why: Why::Answer,
    };
    match part.sort {
        Sort::Opinion => {
            notices::done(write, &format!("{}asks {unit}", of(held)), now.at).await?;
            let stance = serde_json::from_str::<Opinion>(&part.body).map(|opinion| opinion.stance);
            if !matches!(stance, Ok(Stance::Remark | Stance::Object)) {
                return notices::done(write, &once, now.at).await;
            }
            let whom = Whom::Holders { roles: &[Role::Secretary], cluster: slug, unit: None };
            let matter = matter(Kind::Opinion, None, format!("{at}#said-{}", part.id));
            notices::raise(write, &now, whom, &once, &matter).await
        }
        Sort::Reply => {
            notices::done(write, &once, now.at).await?;
            let whom =
                Whom::Holders { roles: &[Role::Officer, Role::Leader], cluster: slug, unit: Some(unit) };
            let matter = matter(Kind::Answer, Some(unit.to_owned()), format!("{at}units/{}", encoded(unit)));
            // Each answer is one of its own, and stays until it is read, also when the draft goes round no longer.
            notices::raise(write, &now, whom, &format!("answer {once} {}", part.id), &matter).await
        }
        // Signed, or said that it does not.
        Sort::Signature => notices::done(write, &format!("{}signs {unit}", of(held)), now.at).await,
        Sort::Paragraph | Sort::Certificate | Sort::Registration => Ok(()),
    }
}
