// The reader by the kinds of source it meets: what a formula, a text box or a stray brace says must reach the reader.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "digest/latex/display.hpp"

namespace broadsheet::latex {
namespace {

struct Case {
  std::string_view tex, shown;
};

void expect(const std::vector<Case>& cases, Mode mode = Mode::abstract) {
  for (const auto& c : cases) EXPECT_EQ(to_display(c.tex, mode), c.shown) << c.tex;
}

TEST(Reader, KeepsTheTildeThatSaysAbout) {
  expect({{"costs ~40 times less (~2 GB), z ~ 0.3", "costs ~40 times less (~2 GB), z ~ 0.3"},
          {"~$10^4$ stars and ~.5 mag", "~10⁴ stars and ~.5 mag"},
          {"Table~4, Eq.~(3), 7~km", "Table 4, Eq. (3), 7 km"}});
}

TEST(Reader, ReadsMathsInTextInMaths) {
  expect({{"by $\\textbf{3%$\\to$9%}$ more", "by 3%→9% more"},
          {"$x_{\\text{if $\\alpha>0$}}$", "x_(if α>0)"},
          {"\\emph{for all $x \\in \\mathbb{R}$}", "for all x ∈ ℝ"},
          {"\\(\\mbox{rate \\(n^2\\)}\\) holds", "rate n² holds"},
          {"$$u = 0 \\quad \\hbox{on $\\partial D$}$$", "u = 0 on ∂ D"}});
}

TEST(Reader, KeepsTheGroupOfANestedScript) {
  expect({{"$K_{q^n}$ and $K_q^n$", "K_(qⁿ) and K_qⁿ"},
          {"$e^{x^2}$, $y_{i_k}$", "e^(x²), y_(iₖ)"},
          {"$\\|v\\|_{H^1}$", "‖v‖_H¹"},
          {"R^{2+d} and a_{n-1}, K^{s,q}, 10^{-4}, T_{eff}", "R^(2+d) and a_(n-1), K^(s,q), 10⁻⁴, T_eff"},
          {"60^\\circ, M_\\odot", "60°, M⊙"}});
}

TEST(Reader, PutsAFractionBesideAFactorInParentheses) {
  expect({{"$\\frac{1}{M}W$", "(1/M)W"},
          {"$2\\frac{a}{b}$", "2(a/b)"},
          {"$\\frac{a}{b}\\frac{c}{d}$", "(a/b)(c/d)"},
          {"$\\frac{a}{b}^2$", "(a/b)²"},
          {"$\\frac{\\frac{a}{b}}{c}$", "(a/b)/c"},
          {"$\\frac12 + \\frac{x+1}{y}$", "1/2 + (x+1)/y"},
          {"$\\frac{1}{2}{x}$", "(1/2)x"},
          {"$-\\frac{0.5}{f(x)}$-law", "-0.5/f(x)-law"},
          {"${a+b \\over c}$, $p \\over q$ and ${n \\choose k}$", "(a+b)/c, p/q and C(n,k)"}});
}

TEST(Reader, SaysTheModulus) {
  expect({{"$p\\equiv 3\\pmod{8}$", "p≡ 3 (mod 8)"},
          {"$p\\equiv 1 \\pmod 12$", "p≡ 1 (mod 12)"},
          {"$a \\bmod 7$ and $a \\mod{7}$", "a mod 7 and a mod 7"}});
}

TEST(Reader, ReadsMathsEnvironments) {
  expect({{"\\begin{eqnarray} a &=& b_1 \\\\ c &=& d \\end{eqnarray}", "a = b₁; c = d"},
          {"\\begin{multline*} a + b \\\\ = c \\end{multline*}", "a + b = c"},
          {"\\begin{align} a &= b, \\\\ [3pt] c &= d. \\end{align} So", "a = b, c = d. So"},
          {"$\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}$", "(a, b; c, d)"},
          {"$\\left[\\begin{array}{cc} 1 & -1 \\\\ 0 & 2 \\end{array}\\right]$", "[1, -1; 0, 2]"},
          {"$f = \\begin{cases} 1 & \\text{if } x>0 \\\\ 0 & \\text{else}\\end{cases}$", "f = {1 if x>0; 0 else}"},
          {"$\\sum_{\\substack{i<n \\\\ j<m}} a$", "∑_(i<n, j<m) a"},
          {"\\begin{equation}\\label{a} x \\tag{1}\\end{equation}", "x"},
          {"$\\{{array}{ll} a, & b {array}$", "{ a, b"},
          {"\\begin{eqnarray} never closed", "never closed"}});
}

TEST(Reader, KeepsTheSignUnderALabel) {
  expect({{"$A\\xrightarrow{f}B$ and $A \\xrightarrow[n]{} B$", "A→ᶠB and A →ₙ B"},
          {"$X\\overset{d}{=}Y$, $X \\stackrel{\\text{def}}{=} Y$", "X=ᵈY, X =^def Y"},
          {"$\\underset{x}{\\max} g$", "maxₓ g"},
          {"$\\underbrace{a+b}_{n}$", "(a+b)ₙ"}});
}

TEST(Reader, KnowsDelimitersWithNames) {
  expect({{"$\\norm{u}\\le\\abs{v}$", "‖u‖≤|v|"},
          {"$\\ket{0}$, $\\bra{\\psi}$, $\\braket{a|b}$", "|0⟩, ⟨ψ|, ⟨a|b⟩"},
          {"$\\left\\langle x \\right\\rangle \\left. y \\right|$", "⟨x⟩ y|"}});
}

TEST(Reader, KnowsCharactersByNumber) {
  expect({{"a$\\unicode{x2014}$b \\unicode{8211} \\symbol{65} \\char\"42", "a—b – A B"},
          {"\\ding{183} and \\ding{51}", "❷ and ✓"},
          {"0.5{\\deg} and $30^{\\deg}$ but $\\deg f$", "0.5° and 30° but deg f"},
          {"(\\romannumeral3)", "(iii)"},
          {"\\unicode{x202E}x\\unicode{0}", "x"}});
}

TEST(Reader, ReadsQuantitiesWithTheirUnits) {
  expect({{"\\SI{20}{\\micro\\metre} and \\SI{5e3}{\\percent}", "20 μm and 5×10³%"},
          {"\\SI{3}{\\kilo\\metre\\per\\second\\squared}", "3 km s⁻²"},
          {"\\SI[per-mode=symbol]{1}{km.s^{-1}}", "1 km s⁻¹"},
          {"\\qty{2}{\\giga\\hertz}, \\num{12}, \\ang{30}", "2 GHz, 12, 30°"},
          {"\\SIrange{1}{3}{\\tera\\electronvolt}, \\SIlist{1;2}{\\degreeCelsius}", "1–3 TeV, 1 and 2 °C"},
          {"\\ce{H2SO4}, \\ce{SO4^2-}, \\ce{A + B -> C}", "H₂SO₄, SO₄²⁻, A + B → C"}});
}

TEST(Reader, ShowsAnAddressOnce) {
  expect({{"at \\hyperlink{https://example.org/a}{https://example.org/a}.", "at https://example.org/a."},
          {"\\href{https://example.org/a_b}{\\texttt{example.org/a\\_b}}", "https://example.org/a_b"},
          {"\\hyperref[sec:a]{Part 2}, \\hypertarget{x}{here}", "Part 2, here"},
          {"\\url|https://example.org/x%20y|", "https://example.org/x%20y"}});
}

TEST(Reader, LeavesNoHoleWhereACitationStood) {
  expect({{"In \\cite{a}, we and~\\citep[see][p.~3]{b}. (\\cite{c})", "In, we and."},
          {"known (\\cite{a}, \\cite{b}; see also below) well", "known (see also below) well"},
          {"\\cite{a}, \\cite{b}, and \\cite{c} agree (e.g., \\cite{d}).", "and agree (e.g.)."},
          {"Theorem~\\ref{t} and [\\cite{x}] end", "Theorem and end"}});
}

TEST(Reader, PairsQuotationMarks) {
  expect({{"a \"b'' c", "a \"b\" c"},
          {"a ``b\" c", "a “b” c"},
          {"a ''b'' c", "a “b” c"},
          {"a `b'' c", "a “b” c"},
          {"a ''b\" c and ``d`` e", "a “b” c and “d” e"},
          {"\\enquote{b} at 5'' seeing", "“b” at 5'' seeing"}});
}

TEST(Reader, PutsAccentsOnWhatTheyStandOver) {
  expect({{"Yal{\\c{c}}{\\i}n", "Yalçın"},
          {"H\\`{\\^o}, \\'{\\u a}, \\d{\\^o}", "Hồ, ắ, ộ"},
          {"\\' e and \\~{}user", "é and ~user"}},
         Mode::author);
  expect({{"$\\hat{x_i}$, $\\tilde{\\hat{x}}$, $\\bar{AB}$, $\\overline{MS}$", "x̂ᵢ, x̂̃, AB, M̅S̅"},
          {"$e^{\\i t} \\in \\O$", "eⁱᵗ ∈ O"}});
}

TEST(Reader, DropsLengthsAndDefinitions) {
  expect({{"$a\\mspace{2mu}b\\kern-3pt c\\hskip 1em plus 2pt d$", "abc d"},
          {"x\\hspace*{-1cm}y\\vspace{2mm}", "xy"},
          {"\\newcommand{\\x}[1]{#1}\\def\\y#1{b}\\let\\a=\\b done", "done"},
          {"\\raisebox{-1ex}{low} \\textcolor[rgb]{1,0,0}{red} \\rule{1pt}{2pt}", "low red"}});
}

TEST(Reader, ReadsWhatItCanOfBrokenSource) {
  expect({{"$M_{\\rm BH$ grows", "M_BH grows"},
          {"$\\alpha}$ and $\\beta$", "α and β"},
          {"$x^{$ broken", "$x^{$ broken"},
          {"\\textbf{open \\emph{words", "open words"},
          {"\\frac{a}{b \\alpha", "a/(b α)"},
          {"$a\\ $b", "a b"},
          {"\\left( x", "(x"},
          {"\\( a { b \\) c \\", "a b c \\"},
          {"{\\bf x} } \\beta", "x } β"}});
  expect({{"A title\\", "A title"}}, Mode::title);
}

TEST(Reader, KeepsFunctionNamesApart) {
  expect({{"$n\\log\\log n$, $\\sin\\theta$, $\\log_2n$", "n log log n, sin θ, log₂n"},
          {"$\\operatorname*{arg\\,max}_x f$", "arg maxₓ f"}});
}

TEST(Reader, IsLinearInHostileSource) {
  for (std::string_view piece : {"\"a''", "''a ", "\\cite{a},", "\\begin{cases}a&", "{a\\over", "\\ce{", "\\sqrt[",
                                 "\\hat", "\\frac12x", "_{a^", "\\(\\{", "\\log{"}) {
    std::string bomb;
    while (bomb.size() < 100000) bomb += piece;
    EXPECT_LE(to_display(bomb, Mode::abstract).size(), 4 * bomb.size()) << piece;
    EXPECT_LE(to_display("$" + bomb + "$", Mode::abstract).size(), 4 * bomb.size()) << piece;
  }
}

}  // namespace
}  // namespace broadsheet::latex
