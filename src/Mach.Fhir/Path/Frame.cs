namespace Mach.Fhir.Path;

/// <summary>One evaluation: its surroundings, where it is, and how much it has done.</summary>
internal sealed class Frame(FhirPathContext context, FhirNode focus)
{
    /// <summary>Steps of an evaluation; about a second. Only expressions that multiply their collections come near.</summary>
    private const int MaxSteps = 10_000_000;

    /// <summary>Characters of a text that an expression makes.</summary>
    private const int MaxText = 1_000_000;

    private int _steps;

    public FhirPathContext Context => context;

    /// <summary>%context.</summary>
    public FhirNode Focus => focus;

    /// <summary>$this.</summary>
    public Values This { get; set; } = new(focus);

    /// <summary>$index; -1 where there is none.</summary>
    public int Index { get; set; } = -1;

    /// <summary>$total.</summary>
    public Values Total { get; set; }

    public FhirNode Resource => field ??= context.Resource ?? ResourceOf(focus) ?? Root(focus);

    public FhirNode RootResource => field ??= context.RootResource ?? (Resource is { PropertyName: "contained", Parent: { } container } ? ResourceOf(container) ?? container : Resource);

    /// <exception cref="FhirPathException">The expression has done more than any sensible one.</exception>
    public void Count(int steps)
    {
        _steps += steps;
        if (_steps > MaxSteps || _steps < 0)
        {
            throw new FhirPathException("The expression needs too many steps.");
        }
    }

    public FhirNode Text(string text) => Text(text, text.Length);

    /// <param name="length">Of the text, known before it is made.</param>
    public FhirNode Text(string text, int length)
    {
        CheckText(length);
        return FhirNode.OfSystem(text);
    }

    public void CheckText(long length)
    {
        if (length > MaxText)
        {
            throw new FhirPathException("The expression makes too long a text.");
        }

        Count(1 + (int)(length >> 4));
    }

    private static FhirNode? ResourceOf(FhirNode node)
    {
        for (var at = node; at is not null; at = at.Parent)
        {
            if (at.Type is { Kind: Definitions.TypeKind.Resource })
            {
                return at;
            }
        }

        return null;
    }

    private static FhirNode Root(FhirNode node)
    {
        while (node.Parent is { } parent)
        {
            node = parent;
        }

        return node;
    }
}
