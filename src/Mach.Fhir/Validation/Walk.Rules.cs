using System.Text.Json;

namespace Mach.Fhir.Validation;

internal sealed partial class Walk
{
    public void CodeInvalid(string diagnostics) => Add(IssueSeverity.Error, "code-invalid", diagnostics);

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
