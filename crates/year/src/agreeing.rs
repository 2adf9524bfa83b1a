//! How a cluster comes to its agreement: what units say of a draft, when silence counts as agreement, what is still open,
//! when it may be frozen, signed and put into force.
//!
//! Days are texts `YYYY-MM-DD`, as the store keeps them: their order is the order of time. Custom of the clusters read
//! for the product: a draft is sent round with a last day for remarks, and who has not answered by then is taken to agree
//! (*quá hạn coi như thống nhất*).

use giaouoc_agreement::text::Text;
use serde::{Deserialize, Serialize};

/// Where a draft is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Being written; nobody else is asked yet.
    Drafting,
    /// The units are asked.
    Circulating,
    /// Frozen for signing: nothing of its text changes any more.
    Frozen,
    /// In force: figures are computed by it.
    InForce,
    /// Given up; it stays to be read.
    Dropped,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Drafting, Self::Circulating, Self::Frozen, Self::InForce, Self::Dropped];

    /// Its stable name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Drafting => "drafting",
            Self::Circulating => "circulating",
            Self::Frozen => "frozen",
            Self::InForce => "in-force",
            Self::Dropped => "dropped",
        }
    }

    /// The one of a name.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }

    /// Its name on screen.
    pub fn words(self) -> Text {
        match self {
            Self::Drafting => Text::new("đang soạn", "being written"),
            Self::Circulating => Text::new("đang lấy ý kiến", "with the units for remarks"),
            Self::Frozen => Text::new("đã chốt để ký", "frozen for signing"),
            Self::InForce => Text::new("có hiệu lực", "in force"),
            Self::Dropped => Text::new("không dùng nữa", "given up"),
        }
    }

    /// Whether the text may still change.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Drafting | Self::Circulating)
    }

    /// Whether the public may read it.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Frozen | Self::InForce)
    }
}

/// How a unit stands to a place of the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// It agrees.
    Agree,
    /// It says something, and does not stand in the way.
    Remark,
    /// It objects, with a reason.
    Object,
}

/// What a unit says of a clause (`clause:2.2`), of a target (`target:on-time`), or of the whole (`all`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// How it stands.
    pub stance: Stance,
    /// Why, or what it remarks.
    #[serde(default)]
    pub text: String,
    /// The wording that it proposes; blank when it proposes none. In Vietnamese.
    #[serde(default)]
    pub wording: String,
    /// The version of the draft that it read.
    pub version: i64,
}

/// The place that stands for the whole draft.
pub const ALL: &str = "all";

impl Opinion {
    /// Whether whoever leads the drafting owes an answer.
    pub fn asks(&self) -> bool {
        self.stance == Stance::Object || !self.wording.is_empty() || self.stance == Stance::Remark
    }

    /// What is wrong with it before it is written down.
    pub fn wrong(&self, place: &str) -> Option<Text> {
        if self.stance == Stance::Object && self.text.trim().is_empty() {
            return Some(Text::new(
                "Chưa thống nhất thì xin nêu lý do, để cụm cùng xem.",
                "An objection needs its reason, so that the cluster can look at it.",
            ));
        }
        if self.stance == Stance::Remark && self.text.trim().is_empty() && self.wording.trim().is_empty() {
            return Some(Text::new(
                "Hãy ghi ý kiến, hoặc lời đề nghị.",
                "Write the remark, or the wording proposed.",
            ));
        }
        if !self.wording.trim().is_empty() && !place.starts_with("clause:") {
            return Some(Text::new(
                "Lời đề nghị thay đi với một khoản; với chỉ tiêu, hãy nêu trong ý kiến.",
                "A wording goes with a clause; of a target, say it in the remark.",
            ));
        }
        (self.text.chars().count() > LONGEST || self.wording.chars().count() > LONGEST).then(|| {
            Text::new(
                format!("Mỗi ô nhiều nhất {LONGEST} chữ cái."),
                format!("At most {LONGEST} characters in each field."),
            )
        })
    }
}

/// Remarks and wordings are at most so long, in characters.
pub const LONGEST: usize = 3_000;

/// What the head's desk answered to an opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The number of the opinion that it answers.
    pub to: i64,
    /// Whether the proposed wording was taken over.
    #[serde(default)]
    pub taken: bool,
    /// What was answered.
    #[serde(default)]
    pub text: String,
}

/// An opinion with its number, its unit and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its number.
    pub id: i64,
    /// The unit's code.
    pub unit: String,
    /// The place.
    pub place: String,
    /// What was said.
    pub opinion: Opinion,
    /// What was answered.
    pub reply: Option<Reply>,
}

impl Said {
    /// Whether it still waits for the head's desk. A unit that agrees asks nothing.
    pub fn open(&self) -> bool {
        self.opinion.asks() && self.reply.is_none()
    }
}

/// How a unit stands to the whole draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It agrees, or has only remarked.
    Agrees,
    /// It objects somewhere.
    Objects,
    /// It has said nothing, and still may.
    Silent,
    /// It said nothing by the day: that counts as agreement.
    SilentAgrees,
}

impl Standing {
    /// In words.
    pub fn words(self) -> Text {
        match self {
            Self::Agrees => Text::new("thống nhất", "agrees"),
            Self::Objects => Text::new("có điểm chưa thống nhất", "objects to something"),
            Self::Silent => Text::new("chưa có ý kiến", "has not answered"),
            Self::SilentAgrees => {
                Text::new("quá hạn, coi như thống nhất", "silent by the day: taken to agree")
            }
        }
    }

    /// Its sign: status is never told by colour alone.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Agrees => "✓",
            Self::Objects => "✗",
            Self::Silent => "…",
            Self::SilentAgrees => "✓?",
        }
    }
}

/// How a unit stands on a day: by what it said, else by its silence. The last day for remarks is still the unit's.
pub fn standing(unit: &str, said: &[Said], respond_by: Option<&str>, today: &str) -> Standing {
    let own: Vec<&Said> = said.iter().filter(|one| one.unit == unit).collect();
    if own.is_empty() {
        let over = respond_by.is_some_and(|day| today > day);
        return if over { Standing::SilentAgrees } else { Standing::Silent };
    }
    let objects = own.iter().any(|one| one.opinion.stance == Stance::Object);
    if objects { Standing::Objects } else { Standing::Agrees }
}

/// What keeps a draft from being frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocker {
    /// Its text has so many errors.
    Errors(usize),
    /// A target's worked example does not come out.
    Example(String),
    /// The units were not asked.
    NotCirculated,
    /// Nothing was said by these units, and the day has not gone by.
    Silent(Vec<String>),
    /// An opinion waits for an answer: its unit and its place.
    Open(String, String),
    /// Its figures are being computed.
    Measuring,
    /// It says nothing.
    Empty,
}

/// What is known of a draft when somebody wants to freeze it.
#[derive(Clone, Debug, Default)]
pub struct Ready<'a> {
    /// Errors of its text.
    pub errors: usize,
    /// Targets with an example that does not come out.
    pub failing: &'a [String],
    /// Its clauses.
    pub clauses: usize,
    /// The units that are asked.
    pub units: &'a [String],
    /// What they said.
    pub said: &'a [Said],
    /// The last day for remarks; none: nobody was asked.
    pub respond_by: Option<&'a str>,
    /// Today.
    pub today: &'a str,
    /// Whether its figures are still being computed.
    pub measuring: bool,
}

/// Everything that keeps a draft from being frozen; nothing: it may be.
pub fn blockers(ready: &Ready<'_>) -> Vec<Blocker> {
    let mut all = Vec::new();
    if ready.errors > 0 {
        all.push(Blocker::Errors(ready.errors));
    } else if ready.clauses == 0 {
        all.push(Blocker::Empty);
    }
    all.extend(ready.failing.iter().cloned().map(Blocker::Example));
    if ready.measuring {
        all.push(Blocker::Measuring);
    }
    if ready.respond_by.is_none() {
        all.push(Blocker::NotCirculated);
        return all;
    }
    let silent =
        |unit: &&String| standing(unit, ready.said, ready.respond_by, ready.today) == Standing::Silent;
    let silent: Vec<String> = ready.units.iter().filter(silent).cloned().collect();
    if !silent.is_empty() {
        all.push(Blocker::Silent(silent));
    }
    let open = ready.said.iter().filter(|one| one.open());
    all.extend(open.map(|one| Blocker::Open(one.unit.clone(), one.place.clone())));
    all
}

#[cfg(test)]
#[path = "agreeing_tests.rs"]
mod tests;
