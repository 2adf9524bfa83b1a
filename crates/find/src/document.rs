//! What is found, by whom.

use giaouoc_agreement::text::Text;
use serde::{Deserialize, Serialize};

/// Who may see a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Access {
    /// Everybody.
    Public,
    /// Whoever has a role in the cluster.
    Inside(String),
    /// Whoever may read at the desk of a unit: cluster and unit.
    Unit(String, String),
    /// The city's emulation board and oversight.
    City,
}

/// Something that can be found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What sort of thing it is: a short word that pages have a name for, such as `unit`, `target`, `record`.
    pub sort: String,
    /// Its title.
    pub title: Text,
    /// What else is looked through, and shown in part.
    pub text: Text,
    /// The page that shows it, an address on this site.
    pub address: String,
    /// Who may see it: whoever one of these lets.
    pub access: Vec<Access>,
    /// The cluster it is of; nothing where it is of none.
    pub cluster: Option<String>,
    /// The unit it is about.
    pub unit: Option<String>,
    /// The day it is of, `YYYY-MM-DD`.
    pub day: Option<String>,
}

/// Who looks, as far as it decides what they may see. The default is a stranger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// Clusters in which they have a role.
    pub inside: Vec<String>,
    /// Units at whose desks they may read: cluster and unit.
    pub units: Vec<(String, String)>,
    /// Clusters in which they may read at every desk.
    pub desks: Vec<String>,
    /// Whether they read everything in the city: the emulation board, oversight.
    pub city: bool,
}

impl Access {
    /// The words that stand for it in the index.
    pub(crate) fn words(&self) -> Vec<String> {
        match self {
            Self::Public => vec!["public".to_owned()],
            Self::Inside(cluster) => vec![format!("inside {cluster}"), "city".to_owned()],
            Self::Unit(cluster, unit) => {
                vec![format!("unit {cluster} {unit}"), format!("desks {cluster}"), "city".to_owned()]
            }
            Self::City => vec!["city".to_owned()],
        }
    }
}

impl Reader {
    /// The words of what they may see.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut words = vec!["public".to_owned()];
        words.extend(self.inside.iter().map(|cluster| format!("inside {cluster}")));
        words.extend(self.units.iter().map(|(cluster, unit)| format!("unit {cluster} {unit}")));
        words.extend(self.desks.iter().map(|cluster| format!("desks {cluster}")));
        if self.city {
            words.push("city".to_owned());
        }
        words
    }
}

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The words.
    pub text: String,
    /// Only things of this sort.
    pub sort: Option<String>,
    /// Only things of this cluster.
    pub cluster: Option<String>,
    /// So many at most.
    pub most: usize,
    /// After so many better ones.
    pub after: usize,
}

/// A thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The thing.
    pub document: Document,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// How many there are in all, of what was asked for.
    pub total: usize,
    /// How many of each sort there are when sorts are not told apart; only sorts that there are.
    pub sorts: Vec<(String, usize)>,
    /// The best of them.
    pub hits: Vec<Hit>,
}
