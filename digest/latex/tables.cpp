#include "digest/latex/tables.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace broadsheet::latex::tables {
namespace {

struct Row {
  std::string_view name, text;
};

template <std::size_t N>
std::string_view find(const Row (&rows)[N], std::string_view name) {
  const auto* row = std::lower_bound(std::begin(rows), std::end(rows), name,
                                     [](const Row& r, std::string_view n) { return r.name < n; });
  return row != std::end(rows) && row->name == name ? row->text : std::string_view();
}

template <std::size_t N>
bool has(const std::string_view (&names)[N], std::string_view name) {
  return std::binary_search(std::begin(names), std::end(names), name);
}

// Every table is sorted by name (bytes).

constexpr Row kSymbols[] = {{"And", "&"},
                            {"Bbbk", "𝕜"},
                            {"BibTeX", "BibTeX"},
                            {"Box", "□"},
                            {"Delta", "Δ"},
                            {"Downarrow", "⇓"},
                            {"Gamma", "Γ"},
                            {"Im", "ℑ"},
                            {"LaTeX", "LaTeX"},
                            {"Lambda", "Λ"},
                            {"Leftarrow", "⇐"},
                            {"Leftrightarrow", "⇔"},
                            {"Longleftarrow", "⟸"},
                            {"Longrightarrow", "⟹"},
                            {"Omega", "Ω"},
                            {"P", "¶"},
                            {"Phi", "Φ"},
                            {"Pi", "Π"},
                            {"Psi", "Ψ"},
                            {"Re", "ℜ"},
                            {"Rightarrow", "⇒"},
                            {"S", "§"},
                            {"Sigma", "Σ"},
                            {"Sun", "☉"},
                            {"TeX", "TeX"},
                            {"Theta", "Θ"},
                            {"Uparrow", "⇑"},
                            {"Upsilon", "Υ"},
                            {"Vert", "‖"},
                            {"Xi", "Ξ"},
                            {"aleph", "ℵ"},
                            {"alpha", "α"},
                            {"amalg", "⨿"},
                            {"angle", "∠"},
                            {"approx", "≈"},
                            {"ast", "∗"},
                            {"asymp", "≍"},
                            {"backslash", "\\"},
                            {"because", "∵"},
                            {"beta", "β"},
                            {"beth", "ℶ"},
                            {"bigcap", "⋂"},
                            {"bigcup", "⋃"},
                            {"bigoplus", "⨁"},
                            {"bigotimes", "⨂"},
                            {"bigstar", "★"},
                            {"bigvee", "⋁"},
                            {"bigwedge", "⋀"},
                            {"blacksquare", "■"},
                            {"bot", "⊥"},
                            {"bowtie", "⋈"},
                            {"boxplus", "⊞"},
                            {"boxtimes", "⊠"},
                            {"bullet", "•"},
                            {"cap", "∩"},
                            {"cdot", "·"},
                            {"cdots", "⋯"},
                            {"checkmark", "✓"},
                            {"chi", "χ"},
                            {"circ", "∘"},
                            {"circlearrowleft", "↺"},
                            {"circlearrowright", "↻"},
                            {"clubsuit", "♣"},
                            {"colon", ":"},
                            {"coloneqq", "≔"},
                            {"complement", "∁"},
                            {"cong", "≅"},
                            {"coprod", "∐"},
                            {"copyright", "©"},
                            {"cup", "∪"},
                            {"dag", "†"},
                            {"dagger", "†"},
                            {"dashv", "⊣"},
                            {"ddag", "‡"},
                            {"ddagger", "‡"},
                            {"ddots", "⋱"},
                            {"degree", "°"},
                            {"delta", "δ"},
                            {"diamond", "⋄"},
                            {"diamondsuit", "♦"},
                            {"div", "÷"},
                            {"doteq", "≐"},
                            {"dotplus", "∔"},
                            {"dots", "…"},
                            {"dotsb", "…"},
                            {"dotsc", "…"},
                            {"downarrow", "↓"},
                            {"earth", "⊕"},
                            {"ell", "ℓ"},
                            {"emptyset", "∅"},
                            {"epsilon", "ϵ"},
                            {"equiv", "≡"},
                            {"eta", "η"},
                            {"eth", "ð"},
                            {"euro", "€"},
                            {"exists", "∃"},
                            {"female", "♀"},
                            {"flat", "♭"},
                            {"forall", "∀"},
                            {"frown", "⌢"},
                            {"gamma", "γ"},
                            {"ge", "≥"},
                            {"geq", "≥"},
                            {"geqslant", "⩾"},
                            {"gets", "←"},
                            {"gg", "≫"},
                            {"gimel", "ℷ"},
                            {"gt", ">"},
                            {"gtrapprox", "⪆"},
                            {"gtrless", "≷"},
                            {"gtrsim", "≳"},
                            {"gtsim", "≳"},
                            {"hbar", "ℏ"},
                            {"heartsuit", "♥"},
                            {"hookleftarrow", "↩"},
                            {"hookrightarrow", "↪"},
                            {"hslash", "ℏ"},
                            {"iff", "⇔"},
                            {"iiint", "∭"},
                            {"iint", "∬"},
                            {"imath", "ı"},
                            {"implies", "⇒"},
                            {"in", "∈"},
                            {"infty", "∞"},
                            {"int", "∫"},
                            {"iota", "ι"},
                            {"jmath", "ȷ"},
                            {"kappa", "κ"},
                            {"lVert", "‖"},
                            {"lambda", "λ"},
                            {"land", "∧"},
                            {"langle", "⟨"},
                            {"lbrace", "{"},
                            {"lbrack", "["},
                            {"lceil", "⌈"},
                            {"ldots", "…"},
                            {"le", "≤"},
                            {"leadsto", "⇝"},
                            {"leftarrow", "←"},
                            {"leftrightarrow", "↔"},
                            {"leftrightarrows", "⇆"},
                            {"leq", "≤"},
                            {"leqslant", "⩽"},
                            {"lessapprox", "⪅"},
                            {"lessgtr", "≶"},
                            {"lesssim", "≲"},
                            {"lfloor", "⌊"},
                            {"lhd", "⊲"},
                            {"ll", "≪"},
                            {"lnot", "¬"},
                            {"longleftarrow", "⟵"},
                            {"longleftrightarrow", "⟷"},
                            {"longmapsto", "⟼"},
                            {"longrightarrow", "⟶"},
                            {"lor", "∨"},
                            {"lozenge", "◊"},
                            {"lq", "‘"},
                            {"lt", "<"},
                            {"ltimes", "⋉"},
                            {"ltsim", "≲"},
                            {"lvert", "|"},
                            {"male", "♂"},
                            {"mapsto", "↦"},
                            {"measuredangle", "∡"},
                            {"mid", "∣"},
                            {"models", "⊨"},
                            {"mp", "∓"},
                            {"mu", "μ"},
                            {"nabla", "∇"},
                            {"natural", "♮"},
                            {"ne", "≠"},
                            {"nearrow", "↗"},
                            {"neg", "¬"},
                            {"neq", "≠"},
                            {"nexists", "∄"},
                            {"ngeq", "≱"},
                            {"ni", "∋"},
                            {"nleq", "≰"},
                            {"nmid", "∤"},
                            {"notin", "∉"},
                            {"nu", "ν"},
                            {"odot", "⊙"},
                            {"oint", "∮"},
                            {"omega", "ω"},
                            {"omicron", "ο"},
                            {"ominus", "⊖"},
                            {"oplus", "⊕"},
                            {"oslash", "⊘"},
                            {"otimes", "⊗"},
                            {"parallel", "∥"},
                            {"partial", "∂"},
                            {"perp", "⊥"},
                            {"phi", "ϕ"},
                            {"pi", "π"},
                            {"pm", "±"},
                            {"pounds", "£"},
                            {"prec", "≺"},
                            {"preceq", "⪯"},
                            {"prime", "′"},
                            {"prod", "∏"},
                            {"propto", "∝"},
                            {"psi", "ψ"},
                            {"rVert", "‖"},
                            {"rangle", "⟩"},
                            {"rbrace", "}"},
                            {"rbrack", "]"},
                            {"rceil", "⌉"},
                            {"restriction", "↾"},
                            {"rfloor", "⌋"},
                            {"rhd", "⊳"},
                            {"rho", "ρ"},
                            {"rightarrow", "→"},
                            {"rightharpoonup", "⇀"},
                            {"rightleftharpoons", "⇌"},
                            {"rightrightarrows", "⇉"},
                            {"rightsquigarrow", "⇝"},
                            {"rq", "’"},
                            {"rtimes", "⋊"},
                            {"rvert", "|"},
                            {"searrow", "↘"},
                            {"setminus", "∖"},
                            {"sharp", "♯"},
                            {"sigma", "σ"},
                            {"sim", "∼"},
                            {"simeq", "≃"},
                            {"smile", "⌣"},
                            {"spadesuit", "♠"},
                            {"sphericalangle", "∢"},
                            {"sqcap", "⊓"},
                            {"sqcup", "⊔"},
                            {"sqsubseteq", "⊑"},
                            {"square", "□"},
                            {"ss", "ß"},
                            {"star", "⋆"},
                            {"subset", "⊂"},
                            {"subseteq", "⊆"},
                            {"subsetneq", "⊊"},
                            {"subsetneqq", "⫋"},
                            {"succ", "≻"},
                            {"succeq", "⪰"},
                            {"sum", "∑"},
                            {"sun", "☉"},
                            {"supset", "⊃"},
                            {"supseteq", "⊇"},
                            {"surd", "√"},
                            {"tau", "τ"},
                            {"textasciicircum", "^"},
                            {"textasciitilde", "~"},
                            {"textbackslash", "\\"},
                            {"textbar", "|"},
                            {"textbullet", "•"},
                            {"textcopyright", "©"},
                            {"textdegree", "°"},
                            {"textellipsis", "…"},
                            {"textemdash", "—"},
                            {"textendash", "–"},
                            {"texteuro", "€"},
                            {"textgreater", ">"},
                            {"textless", "<"},
                            {"textminus", "−"},
                            {"textmu", "µ"},
                            {"textpm", "±"},
                            {"textquotedblleft", "“"},
                            {"textquotedblright", "”"},
                            {"textquoteleft", "‘"},
                            {"textquoteright", "’"},
                            {"textregistered", "®"},
                            {"textrightarrow", "→"},
                            {"textsterling", "£"},
                            {"texttimes", "×"},
                            {"texttrademark", "™"},
                            {"textunderscore", "_"},
                            {"therefore", "∴"},
                            {"theta", "θ"},
                            {"times", "×"},
                            {"to", "→"},
                            {"top", "⊤"},
                            {"triangle", "△"},
                            {"trianglelefteq", "⊴"},
                            {"triangleq", "≜"},
                            {"twoheadrightarrow", "↠"},
                            {"uparrow", "↑"},
                            {"updownarrow", "↕"},
                            {"upharpoonright", "↾"},
                            {"uplus", "⊎"},
                            {"upsilon", "υ"},
                            {"varepsilon", "ε"},
                            {"varnothing", "∅"},
                            {"varphi", "φ"},
                            {"varpi", "ϖ"},
                            {"varrho", "ϱ"},
                            {"varsigma", "ς"},
                            {"vartheta", "ϑ"},
                            {"vdash", "⊢"},
                            {"vdots", "⋮"},
                            {"vee", "∨"},
                            {"vert", "|"},
                            {"wedge", "∧"},
                            {"wp", "℘"},
                            {"wr", "≀"},
                            {"xi", "ξ"},
                            {"zeta", "ζ"}};

constexpr Row kLetters[] = {{"AA", "Å"}, {"AE", "Æ"}, {"DH", "Ð"}, {"DJ", "Đ"}, {"L", "Ł"},  {"NG", "Ŋ"},
                            {"O", "Ø"},  {"OE", "Œ"}, {"SS", "ẞ"}, {"TH", "Þ"}, {"aa", "å"}, {"ae", "æ"},
                            {"dh", "ð"}, {"dj", "đ"}, {"i", "i"},  {"j", "j"},  {"l", "ł"},  {"ng", "ŋ"},
                            {"o", "ø"},  {"oe", "œ"}, {"ss", "ß"}, {"th", "þ"}};

constexpr Row kAccents[] = {{"\"", "\xcc\x88"}, {"'", "\xcc\x81"}, {".", "\xcc\x87"}, {"=", "\xcc\x84"},
                            {"H", "\xcc\x8b"},  {"^", "\xcc\x82"}, {"`", "\xcc\x80"}, {"b", "\xcc\xb1"},
                            {"c", "\xcc\xa7"},  {"d", "\xcc\xa3"}, {"k", "\xcc\xa8"}, {"r", "\xcc\x8a"},
                            {"t", "\xcd\xa1"},  {"u", "\xcc\x86"}, {"v", "\xcc\x8c"}, {"~", "\xcc\x83"}};

constexpr Row kMathAccents[] = {{"acute", "\xcc\x81"},
                                {"bar", "\xcc\x84"},
                                {"breve", "\xcc\x86"},
                                {"check", "\xcc\x8c"},
                                {"ddot", "\xcc\x88"},
                                {"dot", "\xcc\x87"},
                                {"grave", "\xcc\x80"},
                                {"hat", "\xcc\x82"},
                                {"mathring", "\xcc\x8a"},
                                {"overline", "\xcc\x85"},
                                {"overrightarrow", "\xe2\x83\x97"},
                                {"tilde", "\xcc\x83"},
                                {"underbar", "\xcc\xb2"},
                                {"underline", "\xcc\xb2"},
                                {"vec", "\xe2\x83\x97"},
                                {"widehat", "\xcc\x82"},
                                {"widetilde", "\xcc\x83"}};

constexpr Row kDoubleStruck[] = {{"C", "ℂ"}, {"H", "ℍ"}, {"N", "ℕ"}, {"P", "ℙ"}, {"Q", "ℚ"}, {"R", "ℝ"}, {"Z", "ℤ"}};

constexpr Row kSuperscripts[] = {
    {"(", "⁽"}, {")", "⁾"}, {"+", "⁺"}, {"-", "⁻"}, {"0", "⁰"}, {"1", "¹"}, {"2", "²"}, {"3", "³"}, {"4", "⁴"},
    {"5", "⁵"}, {"6", "⁶"}, {"7", "⁷"}, {"8", "⁸"}, {"9", "⁹"}, {"=", "⁼"}, {"A", "ᴬ"}, {"B", "ᴮ"}, {"D", "ᴰ"},
    {"E", "ᴱ"}, {"G", "ᴳ"}, {"H", "ᴴ"}, {"I", "ᴵ"}, {"J", "ᴶ"}, {"K", "ᴷ"}, {"L", "ᴸ"}, {"M", "ᴹ"}, {"N", "ᴺ"},
    {"O", "ᴼ"}, {"P", "ᴾ"}, {"R", "ᴿ"}, {"T", "ᵀ"}, {"U", "ᵁ"}, {"V", "ⱽ"}, {"W", "ᵂ"}, {"a", "ᵃ"}, {"b", "ᵇ"},
    {"c", "ᶜ"}, {"d", "ᵈ"}, {"e", "ᵉ"}, {"f", "ᶠ"}, {"g", "ᵍ"}, {"h", "ʰ"}, {"i", "ⁱ"}, {"j", "ʲ"}, {"k", "ᵏ"},
    {"l", "ˡ"}, {"m", "ᵐ"}, {"n", "ⁿ"}, {"o", "ᵒ"}, {"p", "ᵖ"}, {"r", "ʳ"}, {"s", "ˢ"}, {"t", "ᵗ"}, {"u", "ᵘ"},
    {"v", "ᵛ"}, {"w", "ʷ"}, {"x", "ˣ"}, {"y", "ʸ"}, {"z", "ᶻ"}};

constexpr Row kSubscripts[] = {{"(", "₍"}, {")", "₎"}, {"+", "₊"}, {"-", "₋"}, {"0", "₀"}, {"1", "₁"}, {"2", "₂"},
                               {"3", "₃"}, {"4", "₄"}, {"5", "₅"}, {"6", "₆"}, {"7", "₇"}, {"8", "₈"}, {"9", "₉"},
                               {"=", "₌"}, {"a", "ₐ"}, {"e", "ₑ"}, {"h", "ₕ"}, {"i", "ᵢ"}, {"j", "ⱼ"}, {"k", "ₖ"},
                               {"l", "ₗ"}, {"m", "ₘ"}, {"n", "ₙ"}, {"o", "ₒ"}, {"p", "ₚ"}, {"r", "ᵣ"}, {"s", "ₛ"},
                               {"t", "ₜ"}, {"u", "ᵤ"}, {"v", "ᵥ"}, {"x", "ₓ"}};

constexpr std::string_view kFunctions[] = {
    "Pr",  "Tr",  "arccos", "arcsin", "arctan", "arg", "argmax", "argmin", "cos", "cosh", "cot", "coth",   "csc",
    "deg", "det", "dim",    "erf",    "exp",    "gcd", "hom",    "inf",    "ker", "lg",   "lim", "liminf", "limsup",
    "ln",  "log", "max",    "min",    "sec",    "sin", "sinh",   "sup",    "tan", "tanh", "tr"};

constexpr std::string_view kFontSwitches[] = {
    "Huge",         "LARGE",   "Large",    "bf",      "bfseries",   "boldmath",  "cal",        "em",
    "footnotesize", "huge",    "it",       "itshape", "large",      "mathstrut", "mdseries",   "normalfont",
    "normalsize",   "rm",      "rmfamily", "sc",      "scriptsize", "scshape",   "sf",         "sffamily",
    "sl",           "slshape", "small",    "tiny",    "tt",         "ttfamily",  "unboldmath", "upshape"};

constexpr std::string_view kVanishing[] = {
    "Cite",  "Cref",     "autoref",     "bibliography", "cite",    "citealp", "citealt", "citeauthor",      "citep",
    "citet", "citeyear", "citeyearpar", "color",        "cref",    "eqref",   "hspace",  "includegraphics", "index",
    "input", "label",    "nameref",     "nocite",       "pageref", "ref",     "thanks",  "vspace"};

constexpr std::string_view kSpaces[] = {"enspace", "hfill", "hskip", "kern",  "linebreak",  "medspace", "newline",
                                        "par",     "qquad", "quad",  "space", "thickspace", "thinspace"};

constexpr std::string_view kNothing[] = {
    "Big",          "Bigg",       "Biggl",        "Biggr",   "Bigl",    "Bigr",         "allowbreak", "big",
    "bigg",         "biggl",      "biggr",        "bigl",    "bigr",    "bigskip",      "centering",  "cr",
    "displaystyle", "ensuremath", "ignorespaces", "indent",  "left",    "limits",       "mathbin",    "mathclose",
    "mathop",       "mathopen",   "mathord",      "mathrel", "medskip", "negthinspace", "nobreak",    "noindent",
    "nolimits",     "nonumber",   "notag",        "null",    "protect", "relax",        "right",      "scriptstyle",
    "smallskip",    "textstyle",  "xspace"};

template <std::size_t N>
std::string_view find_character(const Row (&rows)[N], char32_t c) {
  if (c == 0x2212) c = U'-';  // the minus sign
  if (c >= 0x80) return {};
  char ascii = static_cast<char>(c);
  return find(rows, std::string_view(&ascii, 1));
}

}  // namespace

std::string_view symbol(std::string_view name) {
  return find(kSymbols, name);
}
std::string_view letter(std::string_view name) {
  return find(kLetters, name);
}
std::string_view accent(std::string_view name) {
  return find(kAccents, name);
}
std::string_view math_accent(std::string_view name) {
  return find(kMathAccents, name);
}
bool is_function(std::string_view name) {
  return has(kFunctions, name);
}
bool is_font_switch(std::string_view name) {
  return has(kFontSwitches, name);
}
bool vanishes(std::string_view name) {
  return has(kVanishing, name);
}
bool is_space(std::string_view name) {
  return has(kSpaces, name);
}
bool is_nothing(std::string_view name) {
  return has(kNothing, name);
}
std::string_view double_struck(char letter) {
  return find(kDoubleStruck, std::string_view(&letter, 1));
}
std::string_view superscript(char32_t c) {
  return find_character(kSuperscripts, c);
}
std::string_view subscript(char32_t c) {
  return find_character(kSubscripts, c);
}

}  // namespace broadsheet::latex::tables
