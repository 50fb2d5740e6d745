namespace Mach.Fhir.Path;

internal enum TokenKind
{
    End,

    /// <summary>A plain name; keywords are names until the parser says otherwise.</summary>
    Name,

    /// <summary>A name between backticks, or between quotation marks as early versions wrote it.</summary>
    Delimited,

    Text,

    Number,

    /// <summary>Without the @.</summary>
    Date,

    /// <summary>Without the @, with the T.</summary>
    DateTime,

    /// <summary>Without the @T.</summary>
    Time,

    /// <summary>%name, without the sign.</summary>
    Variable,

    /// <summary>$this, $index, $total, without the sign.</summary>
    Special,

    Symbol,
}

/// <param name="Text">Without quotes and escapes.</param>
/// <param name="Position">Characters before it in the expression.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;
}
