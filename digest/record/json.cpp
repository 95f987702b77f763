#include "digest/record/json.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace broadsheet::record {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

// Reading: a missing field keeps its default, a wrong one throws and becomes one Error at the boundary.
template <class T>
void get(const Json& in, const char* key, T& out) {
  if (auto it = in.find(key); it != in.end() && !it->is_null()) out = it->template get<T>();
}

template <class E, class Parse>
void get_enum(const Json& in, const char* key, E& out, Parse parse) {
  auto it = in.find(key);
  if (it == in.end()) return;
  auto value = parse(it->template get<std::string>());
  if (!value) throw std::invalid_argument(std::string("\"") + key + "\" has an unknown value");
  out = *value;
}

template <class T>
void put_some(Json& out, const char* key, const T& value) {
  if (!value.empty()) out[key] = value;
}

Json moment(const std::optional<Moment>& m) {
  return m ? Json(to_iso(*m)) : Json();
}

std::optional<Moment> moment_of(const Json& in, const char* key) {
  std::string s;
  get(in, key, s);
  if (s.empty()) return std::nullopt;
  auto m = parse_iso(s);
  if (!m) throw std::invalid_argument(std::string("\"") + key + "\" is not a time");
  return m;
}

PaperId id_of(const std::string& s) {
  auto id = PaperId::parse(s);
  if (!id) throw std::invalid_argument("\"" + s + "\" is not an arXiv id");
  return *id;
}

Day day_of(const std::string& s) {
  auto day = parse_day(s);
  if (!day) throw std::invalid_argument("\"" + s + "\" is not a day");
  return *day;
}

Category category_of(const std::string& s) {
  auto category = Category::parse(s);
  if (!category) throw std::invalid_argument("\"" + s + "\" is not a category");
  return *category;
}

// ---- papers

Json write(const Author& a) {
  Json out{{"name", a.name}};
  put_some(out, "affiliations", a.affiliations);
  if (a.collaboration) out["collaboration"] = true;
  return out;
}

Json write(const Paper& p) {
  Json out{{"id", p.id.str()}, {"version", p.version}, {"title", p.title}};
  out["authors"] = Json::array();
  for (const auto& a : p.authors) out["authors"].push_back(write(a));
  out["abstract"] = p.abstract;
  out["categories"] = p.categories;
  if (p.published) out["published"] = moment(p.published);
  if (p.updated) out["updated"] = moment(p.updated);
  if (p.listed) out["listed"] = to_string(*p.listed);
  put_some(out, "comment", p.comment);
  put_some(out, "doi", p.doi);
  put_some(out, "journal_ref", p.journal_ref);
  put_some(out, "license", p.license);
  if (p.withdrawn) out["withdrawn"] = true;
  put_some(out, "source", p.source);
  put_some(out, "title_raw", p.title_raw);
  put_some(out, "abstract_raw", p.abstract_raw);
  put_some(out, "authors_raw", p.authors_raw);
  return out;
}

Paper read_paper(const Json& in) {
  Paper p;
  p.id = id_of(in.at("id").get<std::string>());
  get(in, "version", p.version);
  get(in, "title", p.title);
  if (auto it = in.find("authors"); it != in.end())
    for (const auto& a : *it) {
      Author author;
      get(a, "name", author.name);
      get(a, "affiliations", author.affiliations);
      get(a, "collaboration", author.collaboration);
      p.authors.push_back(std::move(author));
    }
  get(in, "abstract", p.abstract);
  get(in, "categories", p.categories);
  p.published = moment_of(in, "published");
  p.updated = moment_of(in, "updated");
  std::string listed;
  get(in, "listed", listed);
  if (!listed.empty()) p.listed = day_of(listed);
  get(in, "comment", p.comment);
  get(in, "doi", p.doi);
  get(in, "journal_ref", p.journal_ref);
  get(in, "license", p.license);
  get(in, "withdrawn", p.withdrawn);
  get(in, "source", p.source);
  get(in, "title_raw", p.title_raw);
  get(in, "abstract_raw", p.abstract_raw);
  get(in, "authors_raw", p.authors_raw);
  return p;
}

// ---- selection

Json write(const std::vector<Reason>& reasons) {
  Json out = Json::array();
  for (const auto& r : reasons) out.push_back({{"kind", to_string(r.kind)}, {"text", r.text}, {"weight", r.weight}});
  return out;
}

std::vector<Reason> read_reasons(const Json& in, const char* key) {
  std::vector<Reason> out;
  if (auto it = in.find(key); it != in.end())
    for (const auto& r : *it) {
      Reason reason;
      get_enum(r, "kind", reason.kind, parse_reason_kind);
      get(r, "text", reason.text);
      get(r, "weight", reason.weight);
      out.push_back(std::move(reason));
    }
  return out;
}

Json write(const SelectionEntry& e) {
  Json out{{"id", e.announced.id.str()},
           {"version", e.announced.version},
           {"type", to_string(e.announced.type)},
           {"fate", to_string(e.fate)},
           {"score", e.score}};
  put_some(out, "detail", e.detail);
  if (!e.reasons.empty()) out["reasons"] = write(e.reasons);
  return out;
}

SelectionEntry read_entry(const Json& in) {
  SelectionEntry e;
  e.announced.id = id_of(in.at("id").get<std::string>());
  get(in, "version", e.announced.version);
  get_enum(in, "type", e.announced.type, parse_announce_type);
  get_enum(in, "fate", e.fate, parse_fate);
  get(in, "score", e.score);
  get(in, "detail", e.detail);
  e.reasons = read_reasons(in, "reasons");
  return e;
}

// ---- cards

Json write(const Card& c) {
  Json out{{"paper", write(c.paper)}, {"announce_type", to_string(c.announce_type)}, {"origin", to_string(c.origin)}};
  out["tldr"] = {{"text", c.tldr.text}, {"verbatim", c.tldr.verbatim}};
  out["sections"] = Json::array();
  for (const auto& s : c.sections) out["sections"].push_back({{"role", to_string(s.role)}, {"text", s.text}});
  out["findings"] = c.findings;
  out["badges"] = Json::array();
  for (const auto& b : c.badges) {
    Json badge{{"kind", to_string(b.kind)}, {"text", b.text}};
    put_some(badge, "url", b.url);
    out["badges"].push_back(badge);
  }
  out["why"] = write(c.why);
  put_some(out, "degraded", c.degraded);
  if (c.translation)
    out["translation"] = {
        {"language", c.translation->language}, {"title", c.translation->title}, {"abstract", c.translation->abstract}};
  put_some(out, "imported_analysis", c.imported_analysis);
  put_some(out, "imported_extra_links", c.imported_extra_links);
  put_some(out, "imported_citations", c.imported_citations);
  return out;
}

Card read_card(const Json& in) {
  Card c;
  c.paper = read_paper(in.at("paper"));
  get_enum(in, "announce_type", c.announce_type, parse_announce_type);
  get_enum(in, "origin", c.origin, parse_origin);
  if (auto it = in.find("tldr"); it != in.end()) {
    get(*it, "text", c.tldr.text);
    get(*it, "verbatim", c.tldr.verbatim);
  }
  if (auto it = in.find("sections"); it != in.end())
    for (const auto& s : *it) {
      Section section;
      get_enum(s, "role", section.role, parse_role);
      get(s, "text", section.text);
      c.sections.push_back(std::move(section));
    }
  get(in, "findings", c.findings);
  if (auto it = in.find("badges"); it != in.end())
    for (const auto& b : *it) {
      Badge badge;
      get_enum(b, "kind", badge.kind, parse_badge_kind);
      get(b, "text", badge.text);
      get(b, "url", badge.url);
      c.badges.push_back(std::move(badge));
    }
  c.why = read_reasons(in, "why");
  get(in, "degraded", c.degraded);
  if (auto it = in.find("translation"); it != in.end()) {
    Translation t;
    get(*it, "language", t.language);
    get(*it, "title", t.title);
    get(*it, "abstract", t.abstract);
    c.translation = std::move(t);
  }
  get(in, "imported_analysis", c.imported_analysis);
  get(in, "imported_extra_links", c.imported_extra_links);
  get(in, "imported_citations", c.imported_citations);
  return c;
}

// ---- summary

Json ids(const std::vector<PaperId>& list) {
  Json out = Json::array();
  for (const auto& id : list) out.push_back(id.str());
  return out;
}

std::vector<PaperId> read_ids(const Json& in, const char* key) {
  std::vector<PaperId> out;
  if (auto it = in.find(key); it != in.end())
    for (const auto& id : *it) out.push_back(id_of(id.get<std::string>()));
  return out;
}

Json write(const Statement& s) {
  return {{"text", s.text}, {"rests_on", ids(s.rests_on)}};
}

Statement read_statement(const Json& in) {
  Statement s;
  get(in, "text", s.text);
  s.rests_on = read_ids(in, "rests_on");
  return s;
}

Json write(const std::vector<Statement>& list) {
  Json out = Json::array();
  for (const auto& s : list) out.push_back(write(s));
  return out;
}

std::vector<Statement> read_statements(const Json& in, const char* key) {
  std::vector<Statement> out;
  if (auto it = in.find(key); it != in.end())
    for (const auto& s : *it) out.push_back(read_statement(s));
  return out;
}

Json write(const ExecutiveSummary& s) {
  Json out{{"origin", to_string(s.origin)}, {"overview", write(s.overview)}};
  out["themes"] = Json::array();
  for (const auto& t : s.themes)
    out["themes"].push_back(
        {{"label", t.label}, {"gist", write(t.gist)}, {"papers", ids(t.papers)}, {"total", t.total}});
  out["notable"] = write(s.notable);
  out["emerging"] = write(s.emerging);
  out["read_in_full"] = write(s.read_in_full);
  put_some(out, "imported_markdown", s.imported_markdown);
  return out;
}

ExecutiveSummary read_summary(const Json& in) {
  ExecutiveSummary s;
  get_enum(in, "origin", s.origin, parse_origin);
  s.overview = read_statements(in, "overview");
  if (auto it = in.find("themes"); it != in.end())
    for (const auto& t : *it) {
      Theme theme;
      get(t, "label", theme.label);
      theme.gist = read_statement(t.at("gist"));
      theme.papers = read_ids(t, "papers");
      get(t, "total", theme.total);
      s.themes.push_back(std::move(theme));
    }
  s.notable = read_statements(in, "notable");
  s.emerging = read_statements(in, "emerging");
  s.read_in_full = read_statements(in, "read_in_full");
  get(in, "imported_markdown", s.imported_markdown);
  return s;
}

// ---- digest

Json write_key(const DigestKey& key) {
  Json out;
  out["categories"] = Json::array();
  for (const auto& category : key.categories) out["categories"].push_back(category.str());
  out["day"] = to_string(key.day);
  out["style"] = to_string(key.style);
  out["language"] = key.language;
  put_some(out, "profile", key.profile);
  put_some(out, "writer", key.writer);
  return out;
}

DigestKey read_key(const Json& in) {
  DigestKey key;
  for (const auto& code : in.at("categories")) key.categories.push_back(category_of(code.get<std::string>()));
  key.day = day_of(in.at("day").get<std::string>());
  get_enum(in, "style", key.style, parse_style);
  get(in, "language", key.language);
  get(in, "profile", key.profile);
  get(in, "writer", key.writer);
  return key;
}

Json write_listing(const ListingRef& listing) {
  Json out{{"category", listing.category.str()},
           {"announced", listing.announced},
           {"source", listing.from.source},
           {"fetched", to_iso(listing.from.fetched)}};
  put_some(out, "note", listing.from.note);
  return out;
}

ListingRef read_listing(const Json& in) {
  ListingRef listing;
  listing.category = category_of(in.at("category").get<std::string>());
  get(in, "announced", listing.announced);
  get(in, "source", listing.from.source);
  if (auto fetched = moment_of(in, "fetched")) listing.from.fetched = *fetched;
  get(in, "note", listing.from.note);
  return listing;
}

Json write_imported(const ImportedForm& form) {
  Json out{{"format", form.format}, {"heading", form.heading}};
  out["metadata"] = Json::array();
  for (const auto& [key, value] : form.metadata) out["metadata"].push_back({key, value});
  return out;
}

ImportedForm read_imported(const Json& in) {
  ImportedForm form;
  get(in, "format", form.format);
  get(in, "heading", form.heading);
  if (auto it = in.find("metadata"); it != in.end())
    for (const auto& pair : *it)
      form.metadata.emplace_back(pair.at(0).get<std::string>(), pair.at(1).get<std::string>());
  return form;
}

Json write(const Digest& d) {
  auto c = d.counts();
  Json out{{"version", kVersion}, {"key", write_key(d.key)}};
  out["counts"] = {{"announced", c.announced}, {"new", c.new_papers},    {"cross", c.cross}, {"replaced", c.replaced},
                   {"shown", c.shown},         {"filtered", c.filtered}, {"cut", c.cut}};
  out["listings"] = Json::array();
  for (const auto& listing : d.listings) out["listings"].push_back(write_listing(listing));
  out["summary"] = write(d.summary);
  out["cards"] = Json::array();
  for (const auto& card : d.cards) out["cards"].push_back(write(card));
  out["selection"] = Json::array();
  for (const auto& entry : d.selection.entries) out["selection"].push_back(write(entry));
  out["titles"] = Json::object();
  for (const auto& [id, title] : d.titles) out["titles"][id.str()] = title;
  out["written"] = to_iso(d.written);
  out["writer"] = d.writer;
  put_some(out, "note", d.note);
  if (!d.imported.format.empty()) out["imported"] = write_imported(d.imported);
  return out;
}

Digest read_digest(const Json& in) {
  int version = 0;
  get(in, "version", version);
  if (version != kVersion)
    throw std::invalid_argument("version " + std::to_string(version) + " of the record is not known here");
  Digest d;
  d.key = read_key(in.at("key"));
  if (auto it = in.find("listings"); it != in.end())
    for (const auto& listing : *it) d.listings.push_back(read_listing(listing));
  if (auto it = in.find("summary"); it != in.end()) d.summary = read_summary(*it);
  for (const auto& card : in.at("cards")) d.cards.push_back(read_card(card));
  for (const auto& entry : in.at("selection")) d.selection.entries.push_back(read_entry(entry));
  if (auto it = in.find("titles"); it != in.end())
    for (const auto& [id, title] : it->items()) d.titles.emplace(id_of(id), title.get<std::string>());
  if (auto written = moment_of(in, "written")) d.written = *written;
  get(in, "writer", d.writer);
  get(in, "note", d.note);
  if (auto it = in.find("imported"); it != in.end()) d.imported = read_imported(*it);
  return d;
}

std::string dump(const Json& json, bool pretty) {
  return json.dump(pretty ? 2 : -1, ' ', false, Json::error_handler_t::replace);
}

template <class T>
Result<T> guarded(std::string_view text, T (*read)(const Json&)) {
  try {
    auto json = Json::parse(text);
    if (!json.is_object()) return Error(ErrorKind::bad_input, "not a JSON object");
    return read(json);
  } catch (const std::exception& e) {  // nlohmann and the readers above report by throwing
    return Error(ErrorKind::bad_input, std::string("unreadable record: ") + e.what());
  }
}

}  // namespace

std::string to_json(const Digest& digest, bool pretty) {
  return dump(write(digest), pretty);
}
Result<Digest> digest_from_json(std::string_view text) {
  return guarded<Digest>(text, read_digest);
}
std::string to_json(const Paper& paper) {
  return dump(write(paper), false);
}
Result<Paper> paper_from_json(std::string_view text) {
  return guarded<Paper>(text, read_paper);
}
std::string to_json(const Card& card) {
  return dump(write(card), false);
}
Result<Card> card_from_json(std::string_view text) {
  return guarded<Card>(text, read_card);
}
std::string to_json(const ExecutiveSummary& summary) {
  return dump(write(summary), false);
}
Result<ExecutiveSummary> summary_from_json(std::string_view text) {
  return guarded<ExecutiveSummary>(text, read_summary);
}

}  // namespace broadsheet::record
