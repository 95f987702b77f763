#include "bot/store/paper_record.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "bot/base/text.hpp"

namespace broadsheet::store {
namespace {

using Json = nlohmann::json;

// A stable number below a million for an archive's name (FNV-1a); a test shows that all archives differ.
std::int64_t archive_code(std::string_view archive) {
  std::uint64_t hash = 14695981039346656037ull;
  for (unsigned char c : archive) hash = (hash ^ c) * 1099511628211ull;
  return static_cast<std::int64_t>(hash % 999983) + 1;
}

Result<std::vector<Author>> authors_from(std::string_view text) {
  auto list = Json::parse(text, nullptr, false);
  Error damaged(ErrorKind::corrupt,
                "The authors of a stored paper cannot be read. Restore a backup: broadsheet restore FILE");
  if (!list.is_array()) return damaged;
  std::vector<Author> out;
  for (const auto& item : list) {
    if (!item.is_array() || item.empty() || !item[0].is_string()) return damaged;
    Author author{.name = item[0].get<std::string>(), .collaboration = item.size() > 2};
    if (item.size() > 1)
      for (const auto& a : item[1])
        if (a.is_string()) author.affiliations.push_back(a.get<std::string>());
    out.push_back(std::move(author));
  }
  return out;
}

template <class T>
void fill(T& target, const T& other) {
  if (target == T()) target = other;
}

}  // namespace

std::string authors_json(const std::vector<Author>& authors) {
  auto list = Json::array();
  for (const auto& a : authors) {
    auto item = Json::array({a.name});
    if (!a.affiliations.empty() || a.collaboration) item.push_back(a.affiliations);
    if (a.collaboration) item.push_back(true);
    list.push_back(std::move(item));
  }
  return list.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string author_names(const Paper& paper) {
  std::string out;
  for (const auto& a : paper.authors) out += (out.empty() ? "" : ", ") + a.name;
  return out;
}

std::int64_t paper_key(const PaperId& id) {
  constexpr std::size_t kNumber = 12;  // YYYYMM and six digits, as sort_key() begins
  auto key = id.sort_key();
  std::int64_t number = 0;
  std::from_chars(key.data(), key.data() + std::min(kNumber, key.size()), number);
  return number * 1'000'000 + (key.size() > kNumber ? archive_code(std::string_view(key).substr(kNumber)) : 0);
}

Paper merged(const Paper& known, const Paper& next) {
  bool older = next.version != 0 && next.version < known.version;
  bool newer = next.version > known.version && known.version != 0;
  Paper out = older ? known : next;
  const Paper& other = older ? next : known;
  out.version = std::max(known.version, next.version);
  if (out.title_raw.empty() && out.title.empty()) out.title_raw = other.title_raw, out.title = other.title;
  if (out.abstract_raw.empty() && out.abstract.empty())
    out.abstract_raw = other.abstract_raw, out.abstract = other.abstract;
  if (out.authors.empty()) out.authors = other.authors, out.authors_raw = other.authors_raw;
  fill(out.categories, other.categories);
  fill(out.published, other.published);
  if (!older && !newer) fill(out.updated, other.updated);
  fill(out.listed, other.listed);
  fill(out.comment, other.comment);
  fill(out.doi, other.doi);
  fill(out.journal_ref, other.journal_ref);
  fill(out.license, other.license);
  fill(out.source, other.source);
  if (!older && !newer) out.withdrawn = known.withdrawn || next.withdrawn;
  return out;
}

Result<Paper> read_paper(const Row& row) {
  Paper p;
  auto id = PaperId::parse(row.text(1));
  if (!id)
    return Error(ErrorKind::corrupt, "A stored paper has no valid id. Restore a backup: broadsheet restore FILE");
  p.id = *id;
  p.version = static_cast<int>(row.integer(2));
  p.title = row.text(3);
  p.abstract = row.text(4);
  p.title_raw = row.text(5);
  p.authors_raw = row.text(6);
  p.abstract_raw = row.text(7);
  auto authors = authors_from(row.text(8));
  if (!authors) return authors.error();
  p.authors = *std::move(authors);
  for (auto code : text::split(row.text(9), ' '))
    if (!code.empty()) p.categories.emplace_back(code);
  if (!row.is_null(10)) p.published = Moment(std::chrono::milliseconds(row.integer(10)));
  if (!row.is_null(11)) p.updated = Moment(std::chrono::milliseconds(row.integer(11)));
  if (!row.is_null(12)) p.listed = Day(std::chrono::days(row.integer(12)));
  p.comment = row.text(13);
  p.doi = row.text(14);
  p.journal_ref = row.text(15);
  p.license = row.text(16);
  p.withdrawn = row.integer(17) != 0;
  p.source = row.text(18);
  return p;
}

}  // namespace broadsheet::store
