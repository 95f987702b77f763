// What people can do with a part of a digest, the same on every platform (spec: commands 5); each adapter shows it in
// its own way.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/platform.hpp"
#include "digest/doc/document.hpp"

namespace broadsheet::adapters {

// Under an overview all titles and the page, under a card what leads on, under a notice another look; nothing for
// answers, which bring their own.
std::vector<doc::Button> usual_choices(const Part& part, const RenderOptions& options);

// The part with them, where its document offers nothing itself. `brief`: of a card its details alone, from which the
// rest is reached.
Part with_choices(Part part, const RenderOptions& options, bool brief = false);

bool has_buttons(const doc::Blocks& blocks);

// "cs.CV+cond-mat.soft/2026-01-13", as it comes back from a client.
bool is_subject(std::string_view s);

}  // namespace broadsheet::adapters
