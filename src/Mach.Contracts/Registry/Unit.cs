namespace Mach.Contracts.Registry;

/// <summary>The hierarchies that a unit may stand in, each with its own calendar.</summary>
public static class Hierarchies
{
    /// <summary>Province, district (until 30/06/2025), commune; stations hang under the commune they stand in.</summary>
    public const string Administrative = "administrative";
    /// <summary>Department of Health, regional health centre, station, point.</summary>
    public const string HealthNetwork = "health-network";
    /// <summary>The province before July 2025 of communes old and new.</summary>
    public const string FormerProvince = "former-province";
    /// <summary>Satellite hospitals under their core hospital; both are facilities.</summary>
    public const string Satellite = "satellite";
    /// <summary>The office of social insurance that a facility is under, and the office above it.</summary>
    public const string Insurance = "insurance";

    public static readonly IReadOnlyList<string> All = [Administrative, HealthNetwork, FormerProvince, Satellite, Insurance];
}

/// <summary>Health: departments, centres, stations and points. Facility: what has a facility code. Insurance: offices of social insurance.</summary>
public enum UnitLevel { Province, District, Commune, Health, Facility, Insurance }

/// <summary>A unit as it is on one day, as known at one moment.</summary>
public sealed record Unit
{
    /// <summary>Stable for ever, also when name, type or code change.</summary>
    public required string Id { get; init; }
    /// <summary>Official code on that day (communes: five digits); null when none is known.</summary>
    public string? Code { get; init; }
    /// <summary>With its type, such as "Phường Việt Trì".</summary>
    public required string Name { get; init; }
    /// <summary>province, city, town, district, ward, commune, township, department, health-centre, station, station-point, insurance-office or facility.</summary>
    public required string Type { get; init; }
    /// <summary>First day by law; <see cref="DateOnly.MinValue"/> = before the register begins.</summary>
    public required DateOnly From { get; init; }
    /// <summary>First day on which it no longer is; <see cref="DateOnly.MaxValue"/> = still is.</summary>
    public required DateOnly To { get; init; }

    public UnitLevel Level => LevelOf(Type);

    public static UnitLevel LevelOf(string type) => type switch
    {
        "province" => UnitLevel.Province,
        "city" or "town" or "district" => UnitLevel.District,
        "ward" or "commune" or "township" => UnitLevel.Commune,
        "facility" => UnitLevel.Facility,
        "insurance-office" => UnitLevel.Insurance,
        _ => UnitLevel.Health,
    };
}
