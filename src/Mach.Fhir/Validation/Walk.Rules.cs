using System.Text.Json;

namespace Mach.Fhir.Validation;

internal sealed partial class Walk
{
    /// <summary>The rules of the type of an object.</summary>
    private void Rules(scoped in ObjectView view, JsonElement primitive)
    {
        foreach (var rule in view.Plan.Rules)
        {
            if ((rule.Invariant.IsError || options.Warnings) && (options.Rules || rule is not PathRule) && !rule.Holds(view, this, primitive))
            {
                Broken(rule.Invariant);
            }
        }
    }

    /// <summary>The rules that an element adds to those of its type.</summary>
    private void ElementRules(JsonElement value, ElementPlan element, TypePlan plan, JsonElement companion)
    {
        foreach (var rule in element.Rules)
        {
            if ((options.Rules || rule is not PathRule) && !rule.Holds(new ObjectView(value, default, plan), this, companion))
            {
                Broken(rule.Invariant);
            }
        }
    }

    public void CodeInvalid(string diagnostics) => Add(IssueSeverity.Error, "code-invalid", diagnostics);
}
