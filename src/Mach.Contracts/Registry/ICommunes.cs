namespace Mach.Contracts.Registry;

/// <summary>A commune-level unit as it stands since July 2025.</summary>
/// <param name="Code">Five digits, General Statistics Office.</param>
/// <param name="Name">Name with its type, such as "Phường Việt Trì".</param>
/// <param name="Type">Phường (ward) or Xã (commune).</param>
/// <param name="FormerProvince">Province before July 2025: Phú Thọ, Vĩnh Phúc or Hòa Bình.</param>
public sealed record Commune(string Code, string Name, string Type, string FormerProvince);

/// <summary>The communes of the province. Answers from memory.</summary>
public interface ICommunes
{
    /// <summary>Null when the code is none of this province's present communes.</summary>
    Commune? Find(string? code);

    IReadOnlyList<Commune> All { get; }
}
