#include "digest/sources/readers/jsonl.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "digest/sources/readers/common.hpp"

namespace broadsheet::sources {
namespace {

using Json = nlohmann::json;

// JSON can escape what XML forbids: control characters but tab, line feed and carriage return.
std::string printable(std::string s) {
  std::erase_if(s, [](unsigned char c) { return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F; });
  return s;
}

// A string field; empty when absent or null.
std::string string_of(const Json& record, const char* key) {
  auto it = record.find(key);
  return it != record.end() && it->is_string() ? printable(it->get<std::string>()) : std::string();
}

// Keepers split lists at commas within brackets ("Ada Brook (LMA", "LJLL)"): only the whole list can be read then.
bool is_torn(const std::string& name) {
  return std::count(name.begin(), name.end(), '(') != std::count(name.begin(), name.end(), ')') ||
         name.starts_with('(');
}
// "Brook, Ada"
bool is_inverted(const std::string& name) {
  auto comma = name.find(", ");
  return comma != std::string::npos && name.find(',', comma + 1) == std::string::npos &&
         name.substr(0, comma).find(' ') == std::string::npos;
}

void read_authors(Paper& paper, const Json& record) {
  auto it = record.find("authors");
  if (it == record.end()) return;
  if (it->is_string()) paper.authors_raw = printable(it->get<std::string>());
  if (!it->is_array()) return;
  std::vector<std::string> names;
  for (const auto& author : *it)
    if (author.is_string()) names.push_back(text::collapse_space(printable(author.get<std::string>())));
  bool inverted = names.size() > 1 && std::all_of(names.begin(), names.end(), is_inverted);
  if (inverted || std::any_of(names.begin(), names.end(), is_torn))
    paper.authors_raw = text::join(names, inverted ? "; " : ", ");
  else
    for (auto& name : names) paper.authors.push_back({std::move(name), {}, false});
}

void read_categories(Paper& paper, const Json& record) {
  for (const char* key : {"categories", "sections"}) {
    auto it = record.find(key);
    if (it == record.end() || !it->is_array() || !paper.categories.empty()) continue;
    for (const auto& term : *it)
      if (term.is_string()) add_category(paper, term.get_ref<const std::string&>());
  }
  set_primary(paper, string_of(record, "primary"));
}

}  // namespace

Result<Paper> read_jsonl_line(std::string_view line) {
  auto record = Json::parse(line, nullptr, false);
  if (record.is_discarded()) return Error(ErrorKind::bad_input, "not JSON");
  if (!record.is_object()) return Error(ErrorKind::bad_input, "not a JSON object");
  auto id_text = string_of(record, "id");
  auto id = parse_paper_reference(id_text);
  if (!id) return Error(ErrorKind::bad_input, "\"" + text::ellipsize(id_text, 60) + "\" is not an arXiv id");
  Paper paper;
  paper.id = id->id;
  paper.version = id->version;
  if (auto it = record.find("version"); it != record.end() && it->is_number_unsigned())
    paper.version = static_cast<int>(std::min<std::uint64_t>(it->get<std::uint64_t>(), 9999));
  paper.title_raw = string_of(record, "title");
  if (text::trim(paper.title_raw).empty()) return Error(ErrorKind::bad_input, id->str() + ": no title");
  paper.abstract_raw = string_of(record, "abstract");
  paper.published = parse_iso(string_of(record, "published"));
  paper.updated = parse_iso(string_of(record, "updated"));
  paper.listed = parse_day(string_of(record, "listed"));
  paper.comment = string_of(record, "comment");
  paper.doi = text::collapse_space(string_of(record, "doi"));
  paper.journal_ref = string_of(record, "journal_ref");
  paper.source = "jsonl";
  read_authors(paper, record);
  read_categories(paper, record);
  latex::finish(paper);
  return paper;
}

}  // namespace broadsheet::sources
