using System.Text;

namespace Mach.Store.Search;

/// <summary>A place in the order in which a list gives its resources; what a list does not order by stays at its default.</summary>
/// <param name="Text">Folded text or id.</param>
/// <param name="A">Clinical date, sequence number or owner.</param>
/// <param name="B">Clinical date below an owner.</param>
/// <param name="Rid">Internal number: breaks ties, never changes.</param>
internal readonly record struct Position(string Text, long A, long B, long Rid) : IComparable<Position>
{
    public static Position OfText(string text, long rid) => new(text, 0, 0, rid);

    public static Position OfNumber(long number, long rid) => new("", number, 0, rid);

    public static Position OfOwner(long pk, long date, long rid) => new("", pk, date, rid);

    public int CompareTo(Position other)
    {
        var byText = CompareText(Text, other.Text);
        return byText != 0 ? byText
            : A != other.A ? A.CompareTo(other.A)
            : B != other.B ? B.CompareTo(other.B)
            : Rid.CompareTo(other.Rid);
    }

    /// <summary>By UTF-8 bytes, as both engines compare; UTF-16 order differs from it above U+D800.</summary>
    public static int CompareText(string a, string b)
    {
        var common = Math.Min(a.Length, b.Length);
        for (var i = 0; i < common; i++)
        {
            if (a[i] != b[i])
            {
                return char.IsSurrogate(a[i]) || char.IsSurrogate(b[i])
                    ? Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))
                    : a[i].CompareTo(b[i]);
            }
        }

        return a.Length.CompareTo(b.Length);
    }
}
