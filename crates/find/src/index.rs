//! The index itself. Everything that knows tantivy is here.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use giaouoc_agreement::text::Text;
use tantivy::collector::{Count, TopDocs};
use tantivy::merge_policy::LogMergePolicy;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query, TermQuery,
};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _,
};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term};

use crate::document::{Access, Asked, Document, Hit, Hits, Reader};
use crate::words::Indexed;

/// The version of how documents are indexed; an index of another version is made again.
pub const FORMAT: &str = "2 tantivy-0.27";
/// The file that has it.
const VERSION: &str = "version";
/// The file that is there when everything was put in once.
const WHOLE: &str = "whole";
/// What a writer may hold in memory, in bytes: the least that the library takes is 15 MB.
const MEMORY: usize = 20_000_000;
/// A file of the index is written anew when more than this part of it was deleted.
const DELETED: f32 = 0.01;
/// Hits are not looked at beyond this.
const DEEPEST: usize = 2_000;

/// Why the index did not do it. It is always right to make it again.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// The folder failed.
    #[error("the folder of the index failed: {0}")]
    Disk(#[from] io::Error),
    /// The index cannot be read or written.
    #[error("the index failed: {0}")]
    Index(#[from] TantivyError),
    /// A document cannot be written or read.
    #[error("a document of the index cannot be read: {0}")]
    Document(#[from] serde_json::Error),
}

/// How an index stands, for whoever looks after the installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// There is none, or not all of it: it is made when the service starts.
    Missing,
    /// Another version of the program made it.
    Other,
    /// It cannot be read: why.
    Damaged(String),
    /// It has so many documents.
    Fine(u64),
}

/// How the index in a folder stands. Every byte is read; nothing is changed.
pub fn state(folder: &Path) -> State {
    match fs::read_to_string(folder.join(VERSION)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return State::Missing,
        Err(error) => return State::Damaged(error.to_string()),
        Ok(version) if version.trim() != FORMAT => return State::Other,
        Ok(_) if !folder.join(WHOLE).exists() => return State::Missing,
        Ok(_) => {}
    }
    let looked = || -> Result<u64, TantivyError> {
        let index = tantivy::Index::open_in_dir(folder)?;
        if let Some(path) = index.validate_checksum()?.into_iter().next() {
            return Err(TantivyError::SystemError(format!("{}: the checksum is another", path.display())));
        }
        Ok(index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?.searcher().num_docs())
    };
    match looked() {
        Ok(documents) => State::Fine(documents),
        Err(error) => State::Damaged(error.to_string()),
    }
}

#[derive(Clone, Copy)]
struct Fields {
    title: Field,
    title_pairs: Field,
    text: Field,
    text_pairs: Field,
    marked: Field,
    access: Field,
    sort: Field,
    cluster: Field,
    scope: Field,
    document: Field,
}

/// The words are divided by spaces already.
const DIVIDED: &str = "whitespace";

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = |option| {
        let indexing = TextFieldIndexing::default().set_tokenizer(DIVIDED).set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let places = words(IndexRecordOption::WithFreqsAndPositions);
    let often = words(IndexRecordOption::WithFreqs);
    let fields = Fields {
        title: schema.add_text_field("title", places.clone()),
        title_pairs: schema.add_text_field("title_pairs", often.clone()),
        text: schema.add_text_field("text", places),
        text_pairs: schema.add_text_field("text_pairs", often.clone()),
        marked: schema.add_text_field("marked", often),
        access: schema.add_text_field("access", STRING),
        sort: schema.add_text_field("sort", STRING),
        cluster: schema.add_text_field("cluster", STRING),
        scope: schema.add_text_field("scope", STRING),
        document: schema.add_text_field("document", STORED),
    };
    (schema.build(), fields)
}

struct Open {
    index: tantivy::Index,
    reader: IndexReader,
}

/// An index in a folder. Many read while one writes.
pub struct Index {
    folder: PathBuf,
    fields: Fields,
    open: Mutex<Open>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index of a folder; one that is missing, not whole, of another version or damaged is made anew, and empty. Says
    /// whether it was: then everything is to be put into it, and [`Index::seal`] said.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn open(folder: &Path) -> Result<(Self, bool), FindError> {
        let (schema, fields) = schema();
        let right = fs::read_to_string(folder.join(VERSION)).is_ok_and(|version| version.trim() == FORMAT);
        let there = if right && folder.join(WHOLE).exists() { opened(folder, &schema).ok() } else { None };
        let (open, new) = match there {
            Some(open) => (open, false),
            None => (anew(folder, schema)?, true),
        };
        Ok((Self { folder: folder.to_path_buf(), fields, open: Mutex::new(open) }, new))
    }

    /// Notes that everything was put in: the next start goes on with it.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn seal(&self) -> Result<(), FindError> {
        Ok(fs::write(self.folder.join(WHOLE), "")?)
    }

    /// Makes it anew, and empty.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn clear(&self) -> Result<(), FindError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        *open = anew(&self.folder, schema().0)?;
        Ok(())
    }

    /// Puts documents in the place of all that had this scope: all of them at once, or none when the program is killed.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn replace(&self, scope: &str, documents: &[Document]) -> Result<(), FindError> {
        let (index, reader) = self.handles();
        let mut writer: IndexWriter = index.writer_with_num_threads(1, MEMORY)?;
        // What was deleted is to be gone from the files, not only passed over: words may have been erased.
        let mut merging = LogMergePolicy::default();
        merging.set_del_docs_ratio_before_merge(DELETED);
        writer.set_merge_policy(Box::new(merging));
        writer.delete_term(Term::from_field_text(self.fields.scope, scope));
        for document in documents {
            writer.add_document(self.row(scope, document)?)?;
        }
        writer.commit()?;
        // What was merged and what it was merged of: no thread is left behind that writes when nobody expects it.
        writer.wait_merging_threads()?;
        Ok(reader.reload()?)
    }

    fn handles(&self) -> (tantivy::Index, IndexReader) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        (open.index.clone(), open.reader.clone())
    }

    fn row(&self, scope: &str, document: &Document) -> Result<TantivyDocument, FindError> {
        let fields = &self.fields;
        let both = |text: &Text| {
            let vi = Indexed::of(&text.vi);
            if text.en == text.vi { vi } else { vi.and(Indexed::of(&text.en)) }
        };
        let (title, text) = (both(&document.title), both(&document.text));
        let mut row = TantivyDocument::default();
        row.add_text(fields.title, title.plain.join(" "));
        row.add_text(fields.title_pairs, title.pairs.join(" "));
        row.add_text(fields.text, text.plain.join(" "));
        row.add_text(fields.text_pairs, text.pairs.join(" "));
        row.add_text(fields.marked, title.and(text).marked.join(" "));
        for word in document.access.iter().flat_map(Access::words) {
            row.add_text(fields.access, word);
        }
        row.add_text(fields.sort, &document.sort);
        if let Some(cluster) = &document.cluster {
            row.add_text(fields.cluster, cluster);
        }
        row.add_text(fields.scope, scope);
        row.add_text(fields.document, serde_json::to_string(document)?);
        Ok(row)
    }

    /// Finds what a reader may see. A question without a word finds nothing.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find(&self, reader: &Reader, asked: &Asked) -> Result<Hits, FindError> {
        let question = Indexed::question(&asked.text);
        if question.plain.is_empty() {
            return Ok(Hits::default());
        }
        let searcher = self.handles().1.searcher();
        let fields = &self.fields;
        let words = self.words(&question);
        let may = any(reader.words().iter().map(|word| exact(fields.access, word)).collect());
        let mut must: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, words), (Occur::Must, free(may))];
        if let Some(cluster) = &asked.cluster {
            must.push((Occur::Must, free(exact(fields.cluster, cluster))));
        }
        let all = BooleanQuery::new(must);
        let of = |sort: &str| -> Box<dyn Query> {
            let sort = free(exact(fields.sort, sort));
            Box::new(BooleanQuery::new(vec![(Occur::Must, Box::new(all.clone())), (Occur::Must, sort)]))
        };
        let mut sorts = Vec::new();
        for sort in self.sorts(&searcher)? {
            let count = searcher.search(&of(&sort), &Count)?;
            if count > 0 {
                sorts.push((sort, count));
            }
        }
        let query: Box<dyn Query> = match &asked.sort {
            Some(sort) => of(sort),
            None => Box::new(all.clone()),
        };
        let most = asked.most.clamp(1, 200);
        let best = TopDocs::with_limit(most).and_offset(asked.after.min(DEEPEST)).order_by_score();
        let (total, best) = searcher.search(&query, &(Count, best))?;
        let mut hits = Vec::new();
        for (_, address) in best {
            let row: TantivyDocument = searcher.doc(address)?;
            let text = row.get_first(fields.document).and_then(|value| value.as_str()).unwrap_or_default();
            hits.push(Hit { document: serde_json::from_str(text)? });
        }
        Ok(Hits { total, sorts, hits })
    }

    /// The sorts that there are, in the order of their words.
    fn sorts(&self, searcher: &tantivy::Searcher) -> Result<Vec<String>, FindError> {
        let mut found = std::collections::BTreeSet::new();
        for segment in searcher.segment_readers() {
            let inverted = segment.inverted_index(self.fields.sort)?;
            let mut terms = inverted.terms().stream()?;
            while terms.advance() {
                found.insert(String::from_utf8_lossy(terms.key()).into_owned());
            }
        }
        Ok(found.into_iter().collect())
    }

    /// Documents with the words; those that have them as neighbours, in this order, in their titles and with these marks first.
    fn words(&self, question: &Indexed) -> Box<dyn Query> {
        let fields = &self.fields;
        let each = question
            .plain
            .iter()
            .map(|word| any(vec![boosted(scored(fields.title, word), 2.0), scored(fields.text, word)]));
        let each: Vec<Box<dyn Query>> = each.collect();
        // Up to three words must all be there; of more, one in four may be missing.
        let least = match each.len() {
            few @ ..=3 => few,
            many => many - many / 4,
        };
        let found = BooleanQuery::union_with_minimum_required_clauses(each, least);
        let mut all: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, Box::new(found))];
        let mut better = |query: Box<dyn Query>| all.push((Occur::Should, query));
        for pair in &question.pairs {
            better(boosted(scored(fields.title_pairs, pair), 4.0));
            better(boosted(scored(fields.text_pairs, pair), 2.0));
        }
        if question.plain.len() > 1 {
            for (field, boost) in [(fields.title, 6.0), (fields.text, 3.0)] {
                let terms = question.plain.iter().map(|word| Term::from_field_text(field, word));
                better(boosted(Box::new(PhraseQuery::new(terms.collect())), boost));
            }
        }
        // Marks that somebody took the trouble to type tell words apart; who types none means any.
        for (marked, plain) in question.marked.iter().zip(&question.plain) {
            if marked != plain {
                better(boosted(scored(fields.marked, marked), 1.5));
            }
        }
        Box::new(BooleanQuery::new(all))
    }
}

fn scored(field: Field, word: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs))
}

fn exact(field: Field, word: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::Basic))
}

fn boosted(query: Box<dyn Query>, by: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, by))
}

/// One of these, whichever.
fn any(queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(BooleanQuery::union(queries))
}

/// A condition that makes nothing better or worse.
fn free(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn opened(folder: &Path, schema: &Schema) -> Result<Open, TantivyError> {
    let index = tantivy::Index::open_in_dir(folder)?;
    if index.schema() != *schema {
        return Err(TantivyError::SchemaError("another schema".to_owned()));
    }
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    // Files that are gone or cut are seen by the first look.
    reader.searcher().search(&AllQuery, &Count)?;
    Ok(Open { index, reader })
}

/// Makes an empty index where another one may be. The version is written last: a folder that was half made is made again.
fn anew(folder: &Path, schema: Schema) -> Result<Open, FindError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => fs::create_dir_all(folder)?,
    }
    let index = tantivy::Index::create_in_dir(folder, schema)?;
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    fs::write(folder.join(VERSION), FORMAT)?;
    Ok(Open { index, reader })
}
