#include "adapters/common/fit.hpp"

#include <algorithm>

#include "bot/base/text.hpp"

namespace broadsheet::adapters {
namespace {

using doc::Block;
using doc::Blocks;
using doc::Document;

constexpr std::size_t kShortest = 40;  // graphemes of a heading that must stay

int rank_of(const Block& block) {
  return std::visit(
      [](const auto& b) {
        if constexpr (requires { b.keep; })
          return b.keep;
        else
          return 0;
      },
      block);
}

int highest_rank(const Blocks& blocks) {
  int out = 0;
  for (const auto& block : blocks) {
    out = std::max(out, rank_of(block));
    if (const auto* card = std::get_if<doc::CardBlock>(&block)) out = std::max(out, highest_rank(card->content));
  }
  return out;
}

// Removes the last block of that rank; inside cards too. False if there is none.
bool drop_last(Blocks& blocks, int rank) {
  for (auto it = blocks.rbegin(); it != blocks.rend(); ++it) {
    if (auto* card = std::get_if<doc::CardBlock>(&*it); card != nullptr && drop_last(card->content, rank)) return true;
    if (rank_of(*it) != rank) continue;
    blocks.erase(std::next(it).base());
    return true;
  }
  return false;
}

// The last sentence of a plain text, cut off; false when there is only one.
bool drop_sentence(doc::Inlines& text) {
  if (text.empty()) return false;
  auto* last = std::get_if<doc::Text>(&text.back());
  if (last == nullptr) return false;
  auto end = last->text.rfind(". ");
  if (end == std::string::npos) return false;
  last->text.erase(end + 1);
  return true;
}

// Shortens the last block that can be: one list item, or one sentence.
bool shorten_last(Blocks& blocks) {
  for (auto it = blocks.rbegin(); it != blocks.rend(); ++it) {
    if (auto* list = std::get_if<doc::ListBlock>(&*it); list != nullptr && list->items.size() > 1) {
      list->items.pop_back();
      return true;
    }
    if (auto* paragraph = std::get_if<doc::Paragraph>(&*it); paragraph != nullptr && drop_sentence(paragraph->text))
      return true;
    if (auto* quote = std::get_if<doc::Quote>(&*it); quote != nullptr && drop_sentence(quote->text)) return true;
    if (auto* card = std::get_if<doc::CardBlock>(&*it); card != nullptr && shorten_last(card->content)) return true;
  }
  return false;
}

doc::Note shortened() {
  return {{doc::Text{"Shortened to fit; the paper's page has the rest.", doc::Emphasis::none}}, 0};
}

// What is left when nothing else fits: the first heading or text, cut at a word.
Document stub(const Document& document, const std::function<bool(const Document&)>& fits) {
  std::string words;
  for (const auto& block : document.blocks) {
    const auto* heading = std::get_if<doc::Heading>(&block);
    if (heading == nullptr || heading->text.empty()) continue;
    std::visit(
        [&words](const auto& inline_part) {
          if constexpr (requires { inline_part.text; })
            words = inline_part.text;
          else
            words = inline_part.display;
        },
        heading->text.front());
    break;
  }
  for (std::size_t length = 400; length > kShortest; length /= 2) {
    Document out{{doc::Paragraph{{doc::Text{text::ellipsize(words, length)}}}, shortened()}};
    if (fits(out)) return out;
  }
  return Document{{shortened()}};
}

}  // namespace

Document fit(Document document, const std::function<bool(const Document&)>& fits) {
  if (fits(document)) return document;
  auto original = document;
  auto accepted = [&] {
    auto with_note = document;
    with_note.blocks.emplace_back(shortened());
    return fits(with_note) ? std::optional<Document>(std::move(with_note)) : std::nullopt;
  };
  for (int rank = highest_rank(document.blocks); rank > 0; --rank)
    while (drop_last(document.blocks, rank))
      if (auto done = accepted()) return *done;
  while (shorten_last(document.blocks))
    if (auto done = accepted()) return *done;
  return stub(original, fits);
}

std::vector<std::vector<Part>> pack(const std::vector<Part>& parts,
                                    const std::function<bool(const std::vector<Part>&)>& fits) {
  std::vector<std::vector<Part>> out;
  for (const auto& part : parts) {
    if (!out.empty()) {
      auto together = out.back();
      together.push_back(part);
      if (fits(together)) {
        out.back() = std::move(together);
        continue;
      }
    }
    out.push_back({part});
  }
  return out;
}

}  // namespace broadsheet::adapters
