//! Markup drawn at random: from what editors write to what nobody should.

/// Numbers that are the same in every run of the same seed (xorshift64*).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        usize::try_from(number).unwrap() % bound
    }

    /// One of some words.
    pub(crate) fn one<'a>(&mut self, words: &'a str) -> &'a str {
        let count = words.split_whitespace().count();
        let place = self.below(count);
        words.split_whitespace().nth(place).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }
}

/// A document in pieces, none of which is more than one token.
pub(crate) fn document(random: &mut Random) -> Vec<String> {
    let mut document = Document { random, pieces: Vec::new(), mistakes: 0 };
    // Half of the documents have no mistakes, and a few have nothing else.
    document.mistakes = [0, 0, 0, 2, 5, 15, 60][document.random.below(7)];
    for _ in 0..=document.random.below(3) {
        document.flow(3);
    }
    document.pieces
}

struct Document<'a> {
    random: &'a mut Random,
    pieces: Vec<String>,
    /// In a hundred.
    mistakes: usize,
}

impl Document<'_> {
    fn flow(&mut self, depth: usize) {
        if self.random.chance(self.mistakes) {
            self.anything();
        }
        if depth == 0 {
            return self.phrase(0);
        }
        match self.random.below(14) {
            0..=2 => self.phrase(depth),
            3..=5 => self.element("p", |it| it.phrase(depth - 1)),
            6 => {
                let list = self.random.one("ul ol");
                self.element(list, |it| it.several(|it| it.element("li", |it| it.flow(depth - 1))));
            }
            7 => self.element("dl", |it| {
                it.several(|it| {
                    let item = it.random.one("dt dd");
                    it.element(item, |it| it.flow(depth - 1));
                });
            }),
            8 | 9 => self.table(depth - 1),
            10 => {
                let heading = self.random.one("h1 h2 h3");
                self.element(heading, |it| it.phrase(depth - 1));
            }
            11 => {
                let newline = self.random.pick(&["", "\n", "\r\n", "&#10;", "<!-- -->\n"]);
                self.element("pre", |it| {
                    it.push(newline);
                    it.phrase(depth - 1);
                });
            }
            12 => self.start("hr"),
            _ => {
                let block = self.random.one(
                    "div div blockquote section article center figure details form address main \
                     dialog menu search footer listing button fieldset summary",
                );
                self.element(block, |it| it.several(|it| it.flow(depth - 1)));
            }
        }
    }

    fn phrase(&mut self, depth: usize) {
        for _ in 0..=self.random.below(3) {
            if self.random.chance(self.mistakes) {
                self.anything();
            }
            match self.random.below(if depth == 0 { 6 } else { 14 }) {
                0..=3 => self.text(),
                4 => {
                    let void = self.random.one("br br img wbr input area embed");
                    self.start(void);
                }
                5 => self.oddity(),
                6..=8 => {
                    let formatting = self.random.one("a b i em strong code u s font small big tt");
                    self.element(formatting, |it| it.phrase(depth - 1));
                }
                9 => self.element("ruby", |it| {
                    it.several(|it| {
                        let part = it.random.one("rb rt rp rtc");
                        it.element(part, Self::text);
                    });
                }),
                _ => {
                    let phrase = self.random.one(
                        "span span span abbr sub sup del ins cite q mark label my-tag o:p object \
                         video map marquee time x.y",
                    );
                    self.element(phrase, |it| it.phrase(depth - 1));
                }
            }
        }
    }

    fn table(&mut self, depth: usize) {
        self.element("table", |it| {
            it.space();
            if it.random.chance(20) {
                it.element("caption", |it| it.phrase(depth));
            }
            if it.random.chance(20) {
                it.element("colgroup", |it| {
                    it.space();
                    it.start("col");
                });
            } else if it.random.chance(10) {
                it.start("col");
            }
            let section = it.random.one("tbody tbody thead tfoot -");
            let rows = |it: &mut Self| {
                it.several(|it| {
                    it.space();
                    it.element("tr", |it| {
                        it.several(|it| {
                            it.space();
                            let cell = it.random.one("td td th");
                            it.element(cell, |it| it.flow(depth));
                        });
                    });
                });
            };
            if section == "-" {
                rows(it);
            } else {
                it.element(section, rows);
            }
            it.space();
        });
    }

    fn several(&mut self, mut one: impl FnMut(&mut Self)) {
        for _ in 0..=self.random.below(3) {
            one(self);
        }
    }

    fn element(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        let open = !self.random.chance(self.mistakes / 4);
        if open {
            self.start(name);
        }
        content(self);
        let omitted = matches!(
            name,
            "p" | "li"
                | "dd"
                | "dt"
                | "td"
                | "th"
                | "tr"
                | "tbody"
                | "thead"
                | "tfoot"
                | "colgroup"
                | "rb"
                | "rt"
                | "rp"
                | "rtc"
        );
        if !self.random.chance(if omitted { 15 } else { self.mistakes / 3 }) {
            self.end(name);
        }
    }

    fn start(&mut self, name: &str) {
        let mut tag = format!("<{}", self.spelled(name));
        for _ in 0..[0, 0, 0, 1, 1, 2, 4][self.random.below(7)] {
            let attribute = self.attribute();
            tag.push_str(&attribute);
        }
        tag.push_str(self.random.pick(&[">", ">", ">", ">", ">", "/>", " />", " >", "\n>"]));
        self.pieces.push(tag);
    }

    fn end(&mut self, name: &str) {
        let name = self.spelled(name);
        let space = self.random.pick(&["", "", "", "", "", " ", "\n", " x", "/"]);
        self.pieces.push(format!("</{name}{space}>"));
    }

    fn spelled(&mut self, name: &str) -> String {
        if self.random.chance(5) { name.to_ascii_uppercase() } else { name.to_owned() }
    }

    fn attribute(&mut self) -> String {
        let name = self.random.one(
            "cite href href src title alt class class id name style width align type lang data-x \
             data-y DATA-X onclick HREF Title rel target loading x:y =",
        );
        let before = self.random.pick(&[" ", " ", " ", " ", "  ", "\n", "/", "\t"]);
        let value = match name.to_ascii_lowercase().as_str() {
            "cite" | "href" | "src" => self.url(),
            "style" => self.random.pick(&[
                "color:red",
                "color: rgb(1,2 , 3);;width:1.50px",
                "background:url(/x)",
                "background:url(&quot;javascript:x&quot;);color:red",
                "width:calc((1px + 2%)*3)",
                "color:red;position:fixed",
                "color",
                "background:var(--x,url(//y));width:1px\r\n",
            ]),
            "class" => self.random.pick(&["a", "a b", " note\tx  note ", "", "&#97;\r\nb"]),
            "id" | "width" | "type" | "align" => {
                self.random.pick(&["x", "user-x", "LEFT", "lef&#116;", ""])
            }
            _ => self.random.pick(&[
                "x", "", "a b", "a&b", "&amp;", "&quot;", "&copy=1", "&copy;", "&notin;", "<b>",
                "'", "ä", "\u{A0}", "&nbsp;", "\r", "&lt", "&#38;", "&#x26", "«»",
            ]),
        };
        match self.random.below(10) {
            0..=5 => format!("{before}{name}=\"{value}\""),
            6 => format!("{before}{name}='{}'", value.replace('\'', "\"")),
            7 => format!("{before}{name} = \"{value}\""),
            8 => format!("{before}{name}"),
            _ => {
                let bare: String =
                    value.chars().filter(|it| !" \t\r\n>\"'".contains(*it)).collect();
                format!("{before}{name}={bare}")
            }
        }
    }

    fn url(&mut self) -> &'static str {
        self.random.pick(&[
            "https://x.example/?a=1&amp;b=2#c",
            "https://x.example/?a=1&b=2&copy=3",
            "http://a.example.org",
            "HTTPS://X.example/",
            "//evil.example/",
            "/x",
            "x y",
            "#x",
            "",
            "mailto:a@b.example",
            "tel:+1",
            "javascript:x()",
            " javascript:x()",
            "java\nscript:x()",
            "&#106;avascript:x()",
            "javascript&colon;x()",
            "data:text/html,x",
            "https://1.2.3/",
            "https://[::1]/",
            "https://a b/",
            "https:\\\\x.example\\",
            "https://user@x.example:1/",
            "ä:b",
            "a:b",
            "../x?y:z",
            "http://xn--a",
            "ftp://x",
        ])
    }

    fn text(&mut self) {
        let text = self.random.pick(&[
            "x",
            "some text ",
            " ",
            "\n",
            "a & b",
            "&amp;",
            "&lt;b&gt;",
            "&nbsp;",
            "\u{A0}",
            "«ä»",
            "1 > 0",
            "1 < 2",
            "<3",
            "&copy",
            "&copy;",
            "&notit;",
            "&NotEqualTilde;",
            "&#x1F600;",
            "&#128;",
            "&#0;",
            "&#10",
            "&bogus;",
            "&",
            "&;",
            "&#;",
            "\r\n",
            "\r",
            "\"'",
            "😀",
            "a <",
            "]]>",
            "--",
            "\u{2028}",
            "&#13;",
            "long text that is longer than a block of bytes, with nothing in it",
            "\u{FEFF}",
        ]);
        self.push(text);
    }

    fn space(&mut self) {
        let space = self.random.pick(&["", "", "", "\n", " ", "\r\n\t", "<!-- -->"]);
        self.push(space);
    }

    fn push(&mut self, piece: &str) {
        if !piece.is_empty() {
            self.pieces.push(piece.to_owned());
        }
    }

    /// What is allowed, and seldom.
    fn oddity(&mut self) {
        let oddity = self.random.pick(&[
            "<!-- x -->",
            "<!-->",
            "<!--->",
            "<!-- a --!>",
            "<!-- - -- > <!-- -->",
            "<!DOCTYPE html>",
            "<![if !vml]>",
            "<![endif]>",
            "<!--[if gte mso 9]><xml><w:x/></xml><![endif]-->",
            "<?xml x?>",
            "</>",
            "</ x>",
            "<script>a < b</script>",
            "<style>p { }</style>",
            "<title>a &amp; <b></title>",
            "<script src=x></script >",
            "<o:p></o:p>",
            "<html lang=x>",
            "<body class=x>",
            "<head>",
            "</body>",
            "</html>",
            "<meta charset=utf-8>",
            "<link rel=x>",
            "<iframe src=x></iframe>",
            "<noscript><b>x</b></noscript>",
            "<br/>",
            "</img>",
            "</x>",
            "<john@x.example>",
            "<param name=x>",
            "<basefont>",
            "<base href=x>",
        ]);
        self.push(oddity);
    }

    /// What stands where it should not.
    fn anything(&mut self) {
        match self.random.below(5) {
            0 => {
                let name = self.any_name();
                self.start(name);
            }
            1 => {
                let name = self.any_name();
                self.end(name);
            }
            2 => self.oddity(),
            3 => self.text(),
            _ => {
                let piece = self.random.pick(&[
                    "<",
                    "</",
                    "<!--",
                    "<!",
                    "<a href=\"",
                    "<b x='",
                    "\0",
                    "<p",
                    "</p",
                    "<script>",
                    "</script>",
                    "<svg>",
                    "</svg>",
                    "<svg><desc>",
                    "</desc>",
                    "<svg><g><path d=x /><text>x</text></g></svg>",
                    "<svg/>",
                    "<svg><title>x</title></svg>",
                    "<svg><style>x</style>",
                    "<math><mi>x</mi></math>",
                    "<svg><![CDATA[<p>]]></svg>",
                    "<svg><foreignobject>",
                    "<math><mtext>",
                    "<svg><image/><a><b>x</b></a></svg>",
                    "<math>",
                    "<select>",
                    "<option>",
                    "<textarea>",
                    "<plaintext>",
                    "<template>",
                    "<image>",
                    "<nobr>",
                    "<frameset>",
                    "<text>",
                    "<xyz>",
                    "<xmp>",
                    "</br>",
                    "</p>",
                    "&#x0D;",
                    "<a b=c\0>",
                    "<\0>",
                    "<title>",
                    "</form>",
                    "<form>",
                ]);
                self.push(piece);
            }
        }
    }

    fn any_name(&mut self) -> &'static str {
        self.random.one(
            "a b i em font p div span ul ol li dl dt dd table tbody thead tfoot tr td th caption colgroup \
             col pre h1 h2 hr br img form button input ruby rb rt rp rtc object marquee blockquote section \
             center html body head frame x-y o:p",
        )
    }
}
