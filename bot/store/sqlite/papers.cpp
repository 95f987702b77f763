#include "bot/store/sqlite/papers.hpp"

#include <sqlite3.h>

#include "bot/base/text.hpp"
#include "bot/store/facets.hpp"
#include "bot/store/sqlite/tokenizer.hpp"

namespace broadsheet::store {
namespace {

Indexed indexed(const Paper& p) {
  return {as_text(p.title), as_names(author_names(p)), as_text(p.abstract), as_facets(text::join(facets_of(p), " "))};
}

std::optional<std::int64_t> millis(const std::optional<Moment>& m) {
  return m ? std::optional<std::int64_t>(m->time_since_epoch().count()) : std::nullopt;
}
std::optional<std::int64_t> days(const std::optional<Day>& d) {
  return d ? std::optional<std::int64_t>(d->time_since_epoch().count()) : std::nullopt;
}

}  // namespace

Result<Statement*> Statements::get(const std::string& sql) {
  auto& kept = kept_[sql];
  if (!kept) {
    auto made = db_.prepare(sql);
    if (!made) return made.error();
    kept = std::make_unique<Statement>(*std::move(made));
  }
  return kept.get();
}

Result<bool> Papers::insert(const Paper& p, bool replace) {
  static const std::string kInsert =
      "INSERT INTO papers(key, id, version, title, abstract, title_raw, authors_raw, abstract_raw, authors, "
      "categories, published, "
      "updated, listed, comment, doi, journal_ref, license, withdrawn, source, authors_text) "
      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(key) DO ";
  static const std::string kAdd = kInsert + "NOTHING";
  static const std::string kReplace =
      kInsert +
      "UPDATE SET version=excluded.version, title=excluded.title, abstract=excluded.abstract, "
      "title_raw=excluded.title_raw, "
      "authors_raw=excluded.authors_raw, abstract_raw=excluded.abstract_raw, authors=excluded.authors, "
      "categories=excluded.categories, published=excluded.published, updated=excluded.updated, listed=excluded.listed, "
      "comment=excluded.comment, doi=excluded.doi, journal_ref=excluded.journal_ref, license=excluded.license, "
      "withdrawn=excluded.withdrawn, source=excluded.source, authors_text=excluded.authors_text";
  auto found = statements_.get(replace ? kReplace : kAdd);
  if (!found) return found.error();
  Use s(**found);
  auto authors = authors_json(p.authors), names = author_names(p), categories = text::join(p.categories, " ");
  s->bind(1, paper_key(p.id)).bind(2, p.id.str()).bind(3, std::int64_t{p.version}).bind(4, p.title).bind(5, p.abstract);
  s->bind(6, p.title_raw).bind(7, p.authors_raw).bind(8, p.abstract_raw).bind(9, authors).bind(10, categories);
  s->bind(11, millis(p.published))
      .bind(12, millis(p.updated))
      .bind(13, days(p.listed))
      .bind(14, p.comment)
      .bind(15, p.doi);
  s->bind(16, p.journal_ref).bind(17, p.license).bind(18, std::int64_t{p.withdrawn}).bind(19, p.source).bind(20, names);
  int code = s->step();
  if (code != SQLITE_DONE) return db_.error(code);
  return db_.changes() > 0;
}

Status Papers::write_index(std::int64_t key, const Indexed& row, bool remove) {
  static const std::string kAdd = "INSERT INTO search(rowid, title, authors_text, abstract, facets) VALUES(?,?,?,?,?)";
  static const std::string kRemove =
      "INSERT INTO search(search, rowid, title, authors_text, abstract, facets) VALUES('delete',?,?,?,?,?)";
  auto found = statements_.get(remove ? kRemove : kAdd);
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, key).bind(2, row.title).bind(3, row.names).bind(4, row.abstract).bind(5, row.facets);
  return db_.finish(s->step());
}

Status Papers::index(const Paper& p) {
  return write_index(paper_key(p.id), indexed(p), false);
}

Status Papers::note_version(const Paper& p) {
  if (p.version == 0) return {};
  auto found = statements_.get("INSERT INTO paper_versions VALUES(?,?,?,?,?,?) ON CONFLICT DO NOTHING");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, paper_key(p.id))
      .bind(2, std::int64_t{p.version})
      .bind(3, millis(p.updated))
      .bind(4, std::int64_t{p.withdrawn});
  s->bind(5, p.title_raw).bind(6, p.abstract_raw);
  return db_.finish(s->step());
}

Result<PutResult> Papers::put(const Paper& paper) {
  if (paper.id.empty()) return Error(ErrorKind::bad_input, "A paper without an id cannot be stored.");
  auto added = insert(paper, false);
  if (!added) return added.error();
  if (*added) {
    auto done = paper_key(paper.id) < indexed_from_ ? Status() : index(paper);
    return done ? Result<PutResult>(PutResult::added) : Result<PutResult>(done.error());
  }
  auto known = by_id(paper.id);
  if (!known) return known.error();
  if (!*known) return Error(ErrorKind::internal, "Two ids have the same key: " + paper.id.str());
  const Paper& old = **known;
  Paper next = merged(old, paper);
  // The older of two different versions keeps a row of its own.
  if (paper.version != old.version)
    if (auto noted = note_version(paper.version < old.version ? paper : old); !noted) return noted.error();
  if (next == old) return PutResult::unchanged;
  auto key = paper_key(paper.id);
  auto before = indexed(old), after = indexed(next);
  bool changed = key >= indexed_from_ && before != after;
  if (changed)
    if (auto gone = write_index(key, before, true); !gone) return gone.error();
  if (auto replaced = insert(next, true); !replaced) return replaced.error();
  if (changed)
    if (auto done = write_index(key, after, false); !done) return done.error();
  return PutResult::updated;
}

Result<std::optional<Paper>> Papers::by_id(const PaperId& id) {
  auto found = select("WHERE p.key=?", {paper_key(id)});
  if (!found) return found.error();
  if (found->empty() || found->front().id != id) return std::optional<Paper>();
  return std::optional<Paper>(std::move(found->front()));
}

Result<std::vector<Paper>> Papers::select(const std::string& rest, const std::vector<std::int64_t>& values) {
  auto found = statements_.get("SELECT " + std::string(kPaperColumns) + " FROM papers p " + rest);
  if (!found) return found.error();
  Use s(**found);
  for (std::size_t i = 0; i < values.size(); ++i) s->bind(static_cast<int>(i + 1), values[i]);
  std::vector<Paper> out;
  int code = s->step();
  for (; code == SQLITE_ROW; code = s->step()) {
    auto paper = read_paper(*s);
    if (!paper) return paper.error();
    out.push_back(*std::move(paper));
  }
  if (code != SQLITE_DONE) return db_.error(code);
  return out;
}

}  // namespace broadsheet::store
