#include "bot/store/sqlite/tokenizer.hpp"

#include <sqlite3.h>

#include <functional>
#include <memory>
#include <vector>

#include "bot/base/words.hpp"

namespace broadsheet::store {
namespace {

constexpr char kNames = '\x01', kFacets = '\x02';

using Take = int (*)(void*, int, const char*, int, int, int);

int words_between_spaces(std::string_view text, void* context, Take take) {
  for (std::size_t at = 0; at < text.size();) {
    auto end = std::min(text.find(' ', at), text.size());
    if (end > at)
      if (int code = take(context, 0, text.data() + at, static_cast<int>(end - at), static_cast<int>(at),
                          static_cast<int>(end));
          code != SQLITE_OK)
        return code;
    at = end + 1;
  }
  return SQLITE_OK;
}

// Texts say the same few thousand words again and again: looking one up costs a tenth of stemming it.
class Stems {
 public:
  const std::string& of(const std::string& word) {
    auto& entry = entries_[std::hash<std::string>()(word) % entries_.size()];
    if (entry.word != word) {
      entry.word = entry.stem = word;
      text::stem(entry.stem);
    }
    return entry.stem;
  }

 private:
  struct Entry {
    std::string word, stem;
  };
  std::vector<Entry> entries_ = std::vector<Entry>(4096);
};

int words(std::string_view text, Stems* stems, void* context, Take take) {
  text::WordReader reader(text);
  while (reader.next()) {
    const auto* word = stems != nullptr ? &stems->of(reader.word()) : &reader.word();
    if (int code = take(context, 0, word->data(), static_cast<int>(word->size()), static_cast<int>(reader.begin()),
                        static_cast<int>(reader.end()));
        code != SQLITE_OK)
      return code;
  }
  return SQLITE_OK;
}

// Queries hold the words of the index already.
int tokenize(Fts5Tokenizer* self, void* context, int flags, const char* bytes, int size, Take take) {
  std::string_view text(bytes == nullptr ? "" : bytes, static_cast<std::size_t>(size));
  if ((flags & FTS5_TOKENIZE_QUERY) != 0 || text.starts_with(kFacets))
    return words_between_spaces(text.starts_with(kFacets) ? text.substr(1) : text, context, take);
  return words(text, text.starts_with(kNames) ? nullptr : reinterpret_cast<Stems*>(self), context, take);
}

int create(void*, const char**, int, Fts5Tokenizer** out) {
  *out = reinterpret_cast<Fts5Tokenizer*>(std::make_unique<Stems>().release());
  return SQLITE_OK;
}
void destroy(Fts5Tokenizer* self) {
  std::unique_ptr<Stems> gone(reinterpret_cast<Stems*>(self));
}

}  // namespace

fts5_api* fts5_of(sqlite3* db) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, nullptr) != SQLITE_OK) return nullptr;
  sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
  sqlite3_step(statement);
  sqlite3_finalize(statement);
  return api;
}

Status add_tokenizer(sqlite3* db) {
  auto* api = fts5_of(db);
  if (api == nullptr)
    return Error(ErrorKind::internal, "This SQLite has no full-text search (FTS5). Install one that has it.");
  fts5_tokenizer ours{create, destroy, tokenize};
  if (api->xCreateTokenizer(api, "broadsheet", nullptr, &ours, nullptr) != SQLITE_OK)
    return Error(ErrorKind::internal, "The tokenizer of the search index cannot be added to SQLite.");
  return {};
}

std::string as_text(std::string_view text) {
  bool marked = text.starts_with(kNames) || text.starts_with(kFacets);
  return (marked ? " " : "") + std::string(text);
}
std::string as_names(std::string_view names) {
  return kNames + std::string(names);
}
std::string as_facets(std::string_view tokens) {
  return kFacets + std::string(tokens);
}

}  // namespace broadsheet::store
