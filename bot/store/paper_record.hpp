// How a paper stands in a table, on every engine.
#pragma once

#include <string>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/store/row.hpp"
#include "digest/model/paper.hpp"

namespace broadsheet::store {

// Month, running number, archive: the same for every store, so newest first is key DESC whatever the order of import.
std::int64_t paper_key(const PaperId& id);

// What `next` adds to what is `known`; see PaperRepository::put.
Paper merged(const Paper& known, const Paper& next);

inline constexpr std::string_view kPaperColumns =
    "p.key, p.id, p.version, p.title, p.abstract, p.title_raw, p.authors_raw, p.abstract_raw, p.authors, p.categories, "
    "p.published, "
    "p.updated, p.listed, p.comment, p.doi, p.journal_ref, p.license, p.withdrawn, p.source";
Result<Paper> read_paper(const Row& row);

std::string authors_json(const std::vector<Author>& authors);
std::string author_names(const Paper& paper);

}  // namespace broadsheet::store
