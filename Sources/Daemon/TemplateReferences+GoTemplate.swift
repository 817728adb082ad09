import GoTemplate
package import WorkflowLoading

/// What the checker asks about template texts, answered by the template engine.
package enum TemplateInspection {
    package static let references: TemplateReferences = { text in
        do throws(TemplateError) {
            let template = try Template(text)
            return .success(
                template.references.map {
                    WorkflowLoading.TemplateReference(path: $0.path, start: $0.start, end: $0.end)
                }
            )
        } catch {
            return .failure(TemplateProblem(message: error.message, offset: error.offset))
        }
    }
}
