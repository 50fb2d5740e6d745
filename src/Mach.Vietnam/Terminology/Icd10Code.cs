namespace Mach.Vietnam.Terminology;

/// <summary>One code of the list: a category ("I10") or what is below it ("E11.9", "S12.01"), with the dot and without dagger or asterisk.</summary>
/// <param name="En">Empty when the published list has no English name.</param>
public sealed record Icd10Code(string Code, string Vi, string En)
{
    /// <summary>The name in English where there is one and it is asked for, else in Vietnamese.</summary>
    public string Name(bool english) => english && En.Length > 0 ? En : Vi;
}
