// Fitting documents into a platform's budget (design: architecture R6). The platform says what fits; nothing is ever
// cut inside a grapheme, a sentence or an inline, and what was shortened says so.
#pragma once

#include <functional>
#include <vector>

#include "adapters/platform.hpp"
#include "digest/doc/document.hpp"

namespace broadsheet::adapters {

// Drops blocks by keep rank (highest first, last first within a rank), then items and sentences from the end, until
// `fits` accepts; adds a Note "shortened" when something went. The last resort is the document's first heading with
// its text cut at a word.
doc::Document fit(doc::Document document, const std::function<bool(const doc::Document&)>& fits);

// What fit() never drops: the blocks of rank 0.
doc::Document essence(const doc::Document& document);

// A part as so many that each fits, so that a long overview or list loses nothing: cut between blocks, and between the
// items of a list, whose numbers go on. A label stays with what it labels, a heading with what follows. The first piece
// keeps the part's kind; what follows an overview belongs under it, as cards do. A card is one message: it is
// fitted, as is a single block that is longer than a message.
std::vector<Part> come_apart(const Part& part, const std::function<bool(const doc::Document&)>& fits);

// Groups consecutive parts into messages: a part joins the group while `fits` accepts the group with it. Every part
// is expected to fit alone.
std::vector<std::vector<Part>> pack(const std::vector<Part>& parts,
                                    const std::function<bool(const std::vector<Part>&)>& fits);

}  // namespace broadsheet::adapters
