//! A tree that html5ever builds and that can be walked.

use core::cell::{Cell, RefCell};
use std::borrow::Cow;
use std::rc::{Rc, Weak};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, ExpandedName, QualName, local_name, ns};

/// A document, whose first child is the root of the fragment.
#[derive(Debug)]
pub(super) struct Fragment {
    document: Node,
}

/// What a walk comes by.
#[derive(Clone, Copy)]
pub(super) enum Visit<'a> {
    /// A node.
    Enter(&'a Node),
    /// The end of an element that was walked through.
    Leave(&'a Node),
}

/// A node; clones are the same node.
#[derive(Clone, Debug)]
pub(super) struct Node(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Without letters if it is no element.
    name: QualName,
    data: Data,
    parent: RefCell<Weak<Self>>,
    children: RefCell<Vec<Node>>,
}

impl Inner {
    fn take_children(&mut self) -> Vec<Node> {
        let mut children = self.children.take();
        if let Data::Element { contents, .. } = &mut self.data {
            children.extend(contents.take());
        }
        children
    }
}

impl Drop for Inner {
    /// Drops what is in it one by one, and not each inside the other's drop.
    fn drop(&mut self) {
        let mut doomed = self.take_children();
        while let Some(node) = doomed.pop() {
            if let Some(mut inner) = Rc::into_inner(node.0) {
                doomed.extend(inner.take_children());
            }
        }
    }
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Data {
    Comment(StrTendril),
    Document,
    Element {
        attributes: RefCell<Vec<Attribute>>,
        contents: Option<Node>,
        integration_point: Cell<bool>,
    },
    Text(RefCell<StrTendril>),
}

impl Fragment {
    pub(super) fn new() -> Self {
        Self { document: Node::new(Data::Document) }
    }

    /// Shows each node, those inside an element if the answer about it is true.
    ///
    /// Nothing here calls itself: a thread's stack may be small, and elements nest deep.
    pub(super) fn walk(&self, mut visit: impl FnMut(Visit<'_>) -> bool) {
        let top = self.document.children().first().map(Node::children).unwrap_or_default();
        let mut steps: Vec<_> = top.into_iter().rev().map(|node| (node, true)).collect();
        while let Some((node, enter)) = steps.pop() {
            if !enter {
                visit(Visit::Leave(&node));
            } else if visit(Visit::Enter(&node)) {
                let children = node.children();
                steps.push((node, false));
                steps.extend(children.into_iter().rev().map(|node| (node, true)));
            }
        }
    }
}

impl Node {
    fn new(data: Data) -> Self {
        Self::named(QualName::new(None, ns!(), local_name!("")), data)
    }

    fn named(name: QualName, data: Data) -> Self {
        let (parent, children) = (RefCell::default(), RefCell::default());
        Self(Rc::new(Inner { name, data, parent, children }))
    }

    /// The name of an element.
    pub(super) fn name(&self) -> &QualName {
        &self.0.name
    }

    pub(super) fn data(&self) -> &Data {
        &self.0.data
    }

    /// The children, a template's content among them.
    pub(super) fn children(&self) -> Vec<Self> {
        if let Data::Element { contents: Some(contents), .. } = self.data() {
            return contents.children();
        }
        self.0.children.borrow().clone()
    }

    fn place(&self) -> Option<(Self, usize)> {
        let parent = Self(self.0.parent.borrow().upgrade()?);
        let at = parent.0.children.borrow().iter().position(|it| it.is(self))?;
        Some((parent, at))
    }

    fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    fn detach(&self) {
        if let Some((parent, at)) = self.place() {
            parent.0.children.borrow_mut().remove(at);
            self.0.parent.take();
        }
    }

    fn insert(&self, at: usize, child: NodeOrText<Self>) {
        let mut children = self.0.children.borrow_mut();
        let child = match child {
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).and_then(|before| children.get(before));
                if let Some(Data::Text(old)) = before.map(|node| &node.0.data) {
                    old.borrow_mut().push_tendril(&text);
                    return;
                }
                Self::new(Data::Text(RefCell::new(text)))
            }
            NodeOrText::AppendNode(node) => {
                drop(children);
                node.detach();
                children = self.0.children.borrow_mut();
                node
            }
        };
        child.0.parent.replace(Rc::downgrade(&self.0));
        let at = at.min(children.len());
        children.insert(at, child);
    }

    fn append(&self, child: NodeOrText<Self>) {
        let end = self.0.children.borrow().len();
        self.insert(end, child);
    }
}

impl TreeSink for Fragment {
    type Handle = Node;
    type Output = Self;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Node {
        self.document.clone()
    }

    fn elem_name<'a>(&'a self, target: &'a Node) -> ExpandedName<'a> {
        target.0.name.expanded()
    }

    fn same_node(&self, left: &Node, right: &Node) -> bool {
        left.is(right)
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> Node {
        let contents = flags.template.then(|| Node::new(Data::Document));
        let data = Data::Element {
            attributes: RefCell::new(attributes),
            contents,
            integration_point: Cell::new(flags.mathml_annotation_xml_integration_point),
        };
        Node::named(name, data)
    }

    fn create_comment(&self, text: StrTendril) -> Node {
        Node::new(Data::Comment(text))
    }

    fn create_pi(&self, _target: StrTendril, data: StrTendril) -> Node {
        Node::new(Data::Comment(data))
    }

    fn append(&self, parent: &Node, child: NodeOrText<Node>) {
        parent.append(child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Node,
        previous: &Node,
        child: NodeOrText<Node>,
    ) {
        if element.0.parent.borrow().upgrade().is_some() {
            self.append_before_sibling(element, child);
        } else {
            previous.append(child);
        }
    }

    fn append_before_sibling(&self, sibling: &Node, child: NodeOrText<Node>) {
        if let NodeOrText::AppendNode(node) = &child {
            node.detach();
        }
        if let Some((parent, at)) = sibling.place() {
            parent.insert(at, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Node) -> Node {
        match &target.0.data {
            Data::Element { contents: Some(contents), .. } => contents.clone(),
            _ => target.clone(),
        }
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn add_attrs_if_missing(&self, target: &Node, more: Vec<Attribute>) {
        if let Data::Element { attributes, .. } = &target.0.data {
            let mut attributes = attributes.borrow_mut();
            for attribute in more {
                if attributes.iter().all(|it| it.name != attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Node) {
        target.detach();
    }

    fn reparent_children(&self, node: &Node, new_parent: &Node) {
        let children = node.0.children.take();
        for child in &children {
            child.0.parent.replace(Rc::downgrade(&new_parent.0));
        }
        new_parent.0.children.borrow_mut().extend(children);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Node) -> bool {
        matches!(
            &target.0.data,
            Data::Element { integration_point, .. } if integration_point.get()
        )
    }
}
