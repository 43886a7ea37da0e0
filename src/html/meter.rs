//! A tree that is not built: it counts what building it would cost.

use core::cell::{Cell, OnceCell};
use std::borrow::Cow;
use std::rc::Rc;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, ExpandedName, QualName, local_name, ns};

use super::cost::{Budget, COMPARED_ATTRIBUTE, Formatting, Text, is_formatting};
use crate::{Error, Result};

/// Counts what html5ever's tree builder asks of a tree.
///
/// Each of its walks through the open elements asks for their names or compares them, so the number
/// of questions is the time it takes; each element it opens anew is made anew, so the bytes of what
/// is made are the output.
#[derive(Debug, Default)]
pub(super) struct Meter {
    document: OnceCell<Element>,
    work: Cell<u64>,
    bytes: Cell<u64>,
    depth: Cell<usize>,
    /// The most children of one element, without those that tables gave away.
    children: Cell<u64>,
    /// Nodes that a table gave to its parent, where each is looked for among all children.
    fostered: Cell<u64>,
    /// Text that a table gave away; where to is not known, so it counts as one.
    fostered_text: Cell<Text>,
    /// Formatting elements that are open or will be opened again.
    formatting: Rc<Formatting>,
}

impl Meter {
    /// Whether all is within the limits.
    pub(super) fn check(&self, budget: &Budget) -> Result<()> {
        if self.depth.get() > budget.depth {
            return Err(Error::InputTooDeep);
        }
        if self.bytes.get() > budget.bytes {
            return Err(Error::InputTooLarge(
                "the HTML would become many times larger, because of formatting left open",
            ));
        }
        if self.work.get() > budget.work {
            return Err(Error::InputTooLarge("the HTML would take too long to parse"));
        }
        Ok(())
    }

    /// What was counted.
    #[cfg(test)]
    pub(super) fn cost(&self) -> Budget {
        Budget { work: self.work.get(), bytes: self.bytes.get(), depth: self.depth.get() }
    }

    /// Counts steps.
    pub(super) fn work(&self, steps: u64) {
        self.work.set(self.work.get().saturating_add(steps));
    }

    /// Asks what the tree builder would not have asked.
    pub(super) fn aside<T>(&self, ask: impl FnOnce() -> T) -> T {
        let work = self.work.get();
        let answer = ask();
        self.work.set(work);
        answer
    }

    fn made(&self, bytes: usize) {
        self.bytes.set(self.bytes.get().saturating_add(bytes as u64));
    }

    fn append_text(&self, run: &Cell<Text>, text: &str) {
        let mut longer = run.get();
        self.work(longer.append(text));
        run.set(longer);
    }

    fn place(&self, child: &Element, depth: usize) {
        child.0.depth.set(depth);
        child.0.attached.set(true);
        self.depth.set(self.depth.get().max(depth));
        if child.0.name.local == local_name!("selectedcontent") {
            // ammonia looks for a `<select>` around it.
            self.work(depth as u64);
        }
    }

    fn search_among_siblings(&self) {
        self.work(self.children.get() + self.fostered.get());
    }

    pub(super) fn element(
        &self,
        name: QualName,
        attributes: &[Attribute],
        integration_point: bool,
    ) -> Element {
        let named = 2 * name.local.len() + "<></>".len();
        let valued = |it: &Attribute| it.name.local.len() + it.value.len() + " =\"\"".len();
        self.made(named + attributes.iter().map(valued).sum::<usize>());
        self.work(1 + attributes.len() as u64);
        for attribute in attributes {
            self.append_text(&Cell::new(Text::in_value()), &attribute.value);
        }
        let mut node = Node::new(name, integration_point);
        if is_formatting(&node.name) {
            node.attributes = attributes.len() as u64;
            self.work(self.formatting.add(node.attributes));
            node.formatting = Some(Rc::clone(&self.formatting));
        }
        Element(Rc::new(node))
    }

    pub(super) fn comment(&self, text: &str) -> Element {
        self.made(text.len());
        Element::nameless()
    }

    pub(super) fn add_attributes(&self, target: &Element, more: usize) {
        // Whoever adds them hashes or compares the names of all that the element has by now.
        let count = target.0.added.get() + more as u64;
        target.0.added.set(count);
        self.work(COMPARED_ATTRIBUTE * count);
    }

    pub(super) fn append_child(&self, parent: &Element, child: Child<'_>) {
        let children = parent.0.children.get() + 1;
        parent.0.children.set(children);
        self.children.set(self.children.get().max(children));
        match child {
            Child::Element(child) => {
                parent.0.text.take();
                self.place(child, parent.0.depth.get() + 1);
            }
            Child::Text(text) => self.append_text(&parent.0.text, text),
        }
    }

    pub(super) fn foster(&self, element: &Element, previous: &Element, child: Child<'_>) {
        if element.0.attached.get() {
            self.insert_before(element, child);
        } else {
            self.append_child(previous, child);
        }
    }

    pub(super) fn insert_before(&self, sibling: &Element, child: Child<'_>) {
        self.fostered.set(self.fostered.get() + 1);
        self.search_among_siblings();
        match child {
            Child::Element(child) => self.place(child, sibling.0.depth.get()),
            Child::Text(text) => self.append_text(&self.fostered_text, text),
        }
    }
}

/// What an element is given.
#[derive(Clone, Copy)]
pub(super) enum Child<'a> {
    Element(&'a Element),
    Text(&'a str),
}

impl<'a> Child<'a> {
    fn of(child: &'a NodeOrText<Element>) -> Self {
        match child {
            NodeOrText::AppendNode(child) => Self::Element(child),
            NodeOrText::AppendText(text) => Self::Text(text),
        }
    }
}

/// An element of the tree that is not built. It holds neither parent nor children.
#[derive(Clone, Debug)]
pub(super) struct Element(Rc<Node>);

#[derive(Debug)]
struct Node {
    name: QualName,
    integration_point: bool,
    depth: Cell<usize>,
    children: Cell<u64>,
    /// The text at the end of its children.
    text: Cell<Text>,
    formatting: Option<Rc<Formatting>>,
    attributes: u64,
    /// Attributes that later tags gave it, which only `<html>` and `<body>` are.
    added: Cell<u64>,
    attached: Cell<bool>,
    template: OnceCell<Element>,
}

impl Element {
    fn nameless() -> Self {
        Self(Rc::new(Node::new(QualName::new(None, ns!(), local_name!("")), false)))
    }
}

impl Node {
    fn new(name: QualName, integration_point: bool) -> Self {
        Self {
            name,
            integration_point,
            depth: Cell::new(0),
            children: Cell::new(0),
            text: Cell::default(),
            formatting: None,
            attributes: 0,
            added: Cell::new(0),
            attached: Cell::new(false),
            template: OnceCell::new(),
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(formatting) = &self.formatting {
            formatting.remove(self.attributes);
        }
    }
}

impl TreeSink for Meter {
    type Handle = Element;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Element {
        self.document.get_or_init(Element::nameless).clone()
    }

    fn elem_name<'a>(&'a self, target: &'a Element) -> ExpandedName<'a> {
        self.work(1);
        target.0.name.expanded()
    }

    fn same_node(&self, left: &Element, right: &Element) -> bool {
        self.work(1);
        Rc::ptr_eq(&left.0, &right.0)
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> Element {
        self.element(name, &attributes, flags.mathml_annotation_xml_integration_point)
    }

    fn create_comment(&self, text: StrTendril) -> Element {
        self.comment(&text)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Element {
        Element::nameless()
    }

    fn append(&self, parent: &Element, child: NodeOrText<Element>) {
        self.append_child(parent, Child::of(&child));
    }

    fn append_based_on_parent_node(
        &self,
        element: &Element,
        previous: &Element,
        child: NodeOrText<Element>,
    ) {
        self.foster(element, previous, Child::of(&child));
    }

    fn append_before_sibling(&self, sibling: &Element, child: NodeOrText<Element>) {
        self.insert_before(sibling, Child::of(&child));
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Element) -> Element {
        let contents = target.0.template.get_or_init(Element::nameless);
        contents.0.depth.set(target.0.depth.get());
        contents.clone()
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn add_attrs_if_missing(&self, target: &Element, attributes: Vec<Attribute>) {
        self.add_attributes(target, attributes.len());
    }

    fn remove_from_parent(&self, target: &Element) {
        if target.0.attached.replace(false) {
            self.search_among_siblings();
        }
    }

    fn reparent_children(&self, node: &Element, new_parent: &Element) {
        let moved = node.0.children.replace(0);
        self.work(moved);
        let children = new_parent.0.children.get() + moved;
        new_parent.0.children.set(children);
        self.children.set(self.children.get().max(children));
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Element) -> bool {
        target.0.integration_point
    }
}
