#include "adapters/telegram/render.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "adapters/common/fit.hpp"
#include "adapters/telegram/layout.hpp"
#include "adapters/telegram/message.hpp"
#include "adapters/telegram/split.hpp"
#include "adapters/telegram/validate.hpp"
#include "bot/base/log.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::Part;
using adapters::RenderOptions;
using doc::Action;
using doc::Button;
using model::OutgoingMessage;
using model::PartKind;

constexpr std::size_t kInRow = 8;          // buttons that a phone shows side by side (contracts: Telegram 5)
constexpr std::size_t kMostRows = 2;       // spec: commands 5
constexpr std::size_t kLabel = 40;         // graphemes of a button
constexpr std::size_t kMostMessages = 6;   // of one answer; more is a wall, not an answer
constexpr std::size_t kMostOfDigest = 40;  // of an overview, which goes out with all that it lists

// One part with its text; `number` counts the cards of a digest.
struct Piece {
  Part part;
  std::size_t number = 0;
};

FormattedText text_of(const std::vector<Piece>& pieces) {
  TextBuilder out;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto& piece = pieces[i];
    out.gap(2);
    if (i > 0 && piece.part.kind != pieces[i - 1].part.kind) out.raw("———\n\n");
    out.append(layout(piece.part.document, piece.number));
  }
  return std::move(out).take();
}

// ---- Buttons --------------------------------------------------------------------------------------------------------

void collect_buttons(const doc::Blocks& blocks, std::vector<Button>& out) {
  for (const auto& block : blocks) {
    if (const auto* b = std::get_if<doc::Buttons>(&block)) out.insert(out.end(), b->buttons.begin(), b->buttons.end());
    if (const auto* c = std::get_if<doc::CardBlock>(&block)) collect_buttons(c->content, out);
    if (const auto* c = std::get_if<doc::Collapsible>(&block)) collect_buttons(c->content, out);
  }
}

Button pressable(Action action, std::string label, const PaperId& paper = {}) {
  return {action, std::move(label), paper, {}};
}

// What a part offers when its document names no buttons. Every message that may need recovery has one that is pressed,
// not followed: its data is how the message is found again (contracts: Telegram 9).
std::vector<Button> usual_buttons(const Part& part, const std::string& digest) {
  auto about_digest = [&digest](Action action, std::string label) {
    return Button{action, std::move(label), {}, {}, digest};
  };
  switch (part.kind) {
    case PartKind::card:
      if (part.paper.empty()) return {about_digest(Action::all_titles, "All titles")};
      return {pressable(Action::details, "Details", part.paper), pressable(Action::bibtex, "BibTeX", part.paper),
              Button{Action::pdf, "PDF", part.paper, pdf_url({part.paper, 0})}};
    case PartKind::summary:
      return {about_digest(Action::all_titles, "All titles")};
    case PartKind::notice:
      return {about_digest(Action::retry, "Check again")};
    case PartKind::reply:
      break;
  }
  return {};
}

std::vector<Button> buttons_of(const Part& part, const std::string& digest) {
  std::vector<Button> out;
  collect_buttons(part.document.blocks, out);
  std::erase_if(out, [](const Button& b) { return !b.url.empty() && !b.url.starts_with("https://"); });
  for (auto& b : out) b.label = text::ellipsize(text::collapse_space(clean(b.label)), kLabel);
  std::erase_if(out, [](const Button& b) { return b.label.empty(); });
  bool tracked = std::any_of(out.begin(), out.end(), [](const Button& b) { return b.url.empty(); });
  if (tracked || part.kind == PartKind::reply) return out;
  auto usual = usual_buttons(part, digest);
  usual.insert(usual.end(), out.begin(), out.end());
  return usual;
}

Keyboard in_rows(const std::vector<Button>& buttons) {
  if (buttons.empty()) return {};
  auto rows = buttons.size() <= 3 ? std::size_t{1} : kMostRows;
  auto width = std::min(kInRow, (buttons.size() + rows - 1) / rows);
  Keyboard out;
  for (std::size_t i = 0; i < buttons.size() && out.size() < rows; i += width)
    out.emplace_back(buttons.begin() + static_cast<std::ptrdiff_t>(i),
                     buttons.begin() + static_cast<std::ptrdiff_t>(std::min(i + width, buttons.size())));
  return out;
}

// One for each card, also where a card came apart.
void add_details(std::vector<Button>& details, const Piece& piece) {
  if (!details.empty() && details.back().paper == piece.part.paper) return;
  auto label = piece.number == 0 ? std::string("Details") : "Details " + std::to_string(piece.number);
  details.push_back(pressable(Action::details, std::move(label), piece.part.paper));
}

// One part: its own buttons. Several: those of the first that is no card, and "Details" for each card by its number.
Keyboard keyboard_of(const std::vector<Piece>& group, const RenderOptions& options) {
  std::vector<Button> first;
  std::vector<Button> details;
  for (const auto& piece : group) {
    bool several = group.size() > 1 && piece.part.kind == PartKind::card && !piece.part.paper.empty();
    if (several)
      add_details(details, piece);
    else if (first.empty())
      first = buttons_of(piece.part, options.digest);
  }
  if (!options.page_url.empty() && options.page_url.starts_with("https://") &&
      group.front().part.kind == PartKind::summary)
    first.push_back({Action::open, "Show as one page", {}, options.page_url});
  auto out = in_rows(first);
  constexpr std::size_t kWide = 4;  // "Details 12" in a row
  for (std::size_t i = 0; i < details.size() && out.size() < kMostRows; i += kWide)
    out.emplace_back(details.begin() + static_cast<std::ptrdiff_t>(i),
                     details.begin() + static_cast<std::ptrdiff_t>(std::min(i + kWide, details.size())));
  return out;
}

// ---- Messages -------------------------------------------------------------------------------------------------------

Piece fitted(Part part, std::size_t number) {
  // A card is one message; an overview or a list may go on in the next ones, so that nothing is lost.
  bool single = part.kind == PartKind::card || part.kind == PartKind::notice;
  auto most = single ? std::size_t{1} : part.kind == PartKind::summary ? kMostOfDigest : kMostMessages;
  part.document = adapters::fit(std::move(part.document), [&](const doc::Document& d) {
    auto text = layout(d, number);
    return fits(text) || (most > 1 && split(text).size() <= most);
  });
  return {std::move(part), number};
}

void add_messages(std::vector<OutgoingMessage>& out, const std::vector<Piece>& group, const RenderOptions& options) {
  auto text = text_of(group);
  auto parts = fits(text) ? std::vector<FormattedText>{text} : split(text);
  auto keyboard = keyboard_of(group, options);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].text.empty()) continue;
    if (auto checked = validate(parts[i]); !checked) {
      log::error("telegram.message_invalid", {{"why", checked.error().what()}});
      assert(false && "a message that the server would refuse");
      parts[i].entities.clear();
      if (!validate(parts[i])) continue;  // nothing to show
    }
    Content content;
    content.text = std::move(parts[i]);
    content.keyboard = keyboard;                      // each message is tracked by its own key
    content.silent = options.silent || !out.empty();  // one sound per digest
    const auto& front = group.front().part;
    if (options.previews && group.size() == 1 && !front.paper.empty()) content.preview_url = abs_url({front.paper, 0});
    out.push_back({front.kind, false, body_of(content), content.text.text});
  }
}

// Whole digests in one document come apart between their cards, so that no message ends inside one (contracts:
// Telegram 3.6).
std::vector<Part> between_cards(const Part& part) {
  std::vector<Part> out{{part.kind, {}, part.paper}};
  for (const auto& block : part.document.blocks) {
    auto& blocks = out.back().document.blocks;
    bool card = std::holds_alternative<doc::CardBlock>(block);
    bool after_card = !blocks.empty() && std::holds_alternative<doc::CardBlock>(blocks.back());
    if (!blocks.empty() && (card || after_card)) out.push_back({part.kind, {}, part.paper});
    out.back().document.blocks.push_back(block);
  }
  return out;
}

}  // namespace

std::vector<OutgoingMessage> render(const std::vector<Part>& parts, const RenderOptions& options) {
  auto cards = std::count_if(parts.begin(), parts.end(), [](const Part& p) { return p.kind == PartKind::card; });
  std::vector<std::vector<Piece>> groups;
  std::size_t number = 0;
  auto add = [&](Piece piece) {
    if (!groups.empty()) {
      auto& group = groups.back();
      bool apart = !options.combine && group.front().part.kind != piece.part.kind;
      group.push_back(piece);
      if (!apart && fits(text_of(group))) return;
      group.pop_back();
    }
    groups.push_back({std::move(piece)});
  };
  for (const auto& part : parts) {
    bool counted = part.kind == PartKind::card && cards > 1;
    if (counted) ++number;
    for (auto& piece : between_cards(part)) add(fitted(std::move(piece), counted ? number : 0));
  }
  std::vector<OutgoingMessage> out;
  for (const auto& group : groups) add_messages(out, group, options);
  return out;
}

}  // namespace broadsheet::telegram
