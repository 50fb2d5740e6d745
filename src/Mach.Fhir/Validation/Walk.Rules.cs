using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Validation;

internal sealed partial class Walk
{
    public void CodeInvalid(string diagnostics) => Add(IssueSeverity.Error, "code-invalid", diagnostics);

    /// <summary>A rule that could not be evaluated neither holds nor is broken: whoever reads the issues is told, and the resource is not refused for it.</summary>
    /// <param name="why">Of the evaluator; names and types, no content.</param>
    public void NotEvaluated(Invariant rule, string why) =>
        Add(IssueSeverity.Warning, Issue.NotEvaluated, $"The rule {rule.Key} could not be evaluated here, so nothing is said about it ({rule.Human}). {why}", rule.Key);

    /// <summary>The rules of the type of an object.</summary>
    private void Rules(scoped in ObjectView view, JsonElement primitive)
    {
        foreach (var rule in view.Plan.Rules)
        {
            Apply(rule, view, primitive);
        }
    }

    /// <summary>The rules that an element adds to those of its type.</summary>
    private void ElementRules(JsonElement value, ElementPlan element, TypePlan plan, JsonElement companion)
    {
        foreach (var rule in element.Rules)
        {
            Apply(rule, new ObjectView(value, default, plan), companion);
        }
    }

    private void Apply(Rule rule, scoped in ObjectView view, JsonElement companion)
    {
        if ((!rule.Invariant.IsError && !options.Warnings) || (!options.Rules && rule is PathRule))
        {
            return;
        }

        try
        {
            if (!rule.Holds(view, this, companion))
            {
                Broken(rule.Invariant);
            }
        }
        catch (InvalidOperationException)
        {
            // JSON whose text is not Unicode cannot be read by rules; the walk reports it where it stands.
        }
    }
}
