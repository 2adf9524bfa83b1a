//! People, uploads, jobs, figures and releases of a service, in SQLite or PostgreSQL.
//!
//! Not here: records. They live in the journals of the bundles (`giaouoc-journal`); this crate adds the people around
//! them and remembers what was measured. The only crate that knows SQL. Functions take a connection or a transaction and
//! hand out plain structs; a change and the work that it asks for go into one transaction ([`Store::write`]), which
//! is rolled back unless [`Write::commit`] is the last line.

pub mod agreeing;
pub mod boards;
pub mod circulars;
pub mod clusters;
mod dialect;
pub mod drafts;
pub mod events;
pub mod evidence;
pub mod handovers;
pub mod jobs;
pub mod letters;
pub mod manifest;
pub mod matters;
mod migrate;
pub mod notices;
pub mod passkeys;
pub mod people;
pub mod pictures;
pub mod questions;
pub mod recounts;
pub mod releases;
pub mod sessions;
pub mod sign_on;
mod table;
pub mod tokens;
pub mod trail;
pub mod upkeep;
pub mod uploads;

use std::fmt;

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, TransactionTrait as _};

/// Microseconds since 1970 in UTC: every instant in the store.
pub type Micros = i64;

/// Why the store failed. That something is not there is no error but `None`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database said no.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    /// The database was made by a newer program.
    #[error("the database was made by a newer version of the program (migration {0})")]
    Newer(String),
    /// A text in the database cannot be read.
    #[error("{table}.{column} cannot be read: {found}")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What stands there.
        found: String,
    },
}

/// What is wrong with the system below the database: nothing of it is a mistake of whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The database cannot be reached.
    Gone,
    /// The disk is full.
    Full,
    /// The database or its folder may not be written to.
    ReadOnly,
}

impl StoreError {
    /// What the failure comes from, where it is the system's doing.
    pub fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::Database(error) => dialect::trouble(error),
            Self::Newer(_) | Self::Unreadable { .. } => None,
        }
    }
}

/// How a database stands to this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Age {
    /// Nothing was ever made in it.
    Empty,
    /// It has yet to take so many steps; the service takes them when it starts.
    Older(usize),
    /// It is this program's.
    Current,
    /// A newer program made it; this is the step that is not known here.
    Newer(String),
}

/// What functions of the store read from and write to: [`Store::read`] or [`Write::on`]. Named here for those who pass it on.
pub use sea_orm::ConnectionTrait as On;

/// So many numbers or digests are looked for by one statement.
pub(crate) const AT_ONCE: usize = 50;

/// Results of the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// An open database.
#[derive(Clone, Debug)]
pub struct Store {
    reading: DatabaseConnection,
    writing: DatabaseConnection,
}

/// The URL of a SQLite file, for [`Store::open`]. Any name will do, with spaces, marks, `%` or `?`.
pub fn file_url(path: &std::path::Path) -> String {
    dialect::file_url(path)
}

/// A transaction. Dropped without [`Write::commit`], it changes nothing.
pub struct Write {
    transaction: DatabaseTransaction,
}

impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Write")
    }
}

impl Store {
    /// Opens a database by URL (`sqlite:///folder/file.sqlite`, `postgres://…`) and brings it up to date.
    ///
    /// # Errors
    /// When it cannot be reached, or was made by a newer program.
    pub async fn open(url: &str) -> Result<Self> {
        let (reading, writing) = dialect::connect(url, true).await?;
        migrate::run(&writing).await?;
        Ok(Self { reading, writing })
    }

    /// Opens a database as it is: nothing is made, nothing is brought up to date. For those who only look or copy.
    ///
    /// # Errors
    /// When it cannot be reached or is not there.
    pub async fn look(url: &str) -> Result<(Self, Age)> {
        let (reading, writing) = dialect::connect(url, false).await?;
        let age = migrate::age(&reading).await?;
        Ok((Self { reading, writing }, age))
    }

    /// Lets go of all connections.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close(self) -> Result<()> {
        self.reading.close().await?;
        Ok(self.writing.close().await?)
    }

    /// The connection, for reading, and for single statements that need no transaction.
    pub fn read(&self) -> &impl ConnectionTrait {
        &self.reading
    }

    /// A transaction, for writing. On SQLite there is one at a time; who holds one must not wait for a second.
    ///
    /// # Errors
    /// When the database cannot be reached, or others write for too long.
    pub async fn write(&self) -> Result<Write> {
        let transaction = self.writing.begin_with_options(dialect::writing(&self.writing)).await?;
        Ok(Write { transaction })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.reading.ping().await?)
    }

    /// A copy of the whole database into a new file, while others write (SQLite only: PostgreSQL has `pg_dump`).
    /// Says whether there is one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn copy_to(&self, path: &std::path::Path) -> Result<bool> {
        dialect::copy_to(&self.reading, path).await
    }
}

impl Store {
    /// What the database takes on the disk, in bytes.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn size(&self) -> Result<i64> {
        dialect::size(&self.reading).await
    }
}

impl Write {
    /// The connection within the transaction.
    pub fn on(&self) -> &impl ConnectionTrait {
        &self.transaction
    }

    /// Makes it all true.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn commit(self) -> Result<()> {
        Ok(self.transaction.commit().await?)
    }
}

/// A list of words that stand in a column, with their names in code.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$each])* $variant),+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the database.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The one with this word.
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}
pub(crate) use words;
