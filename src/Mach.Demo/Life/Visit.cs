using Mach.Demo.Catalogue;
using Mach.Demo.People;

namespace Mach.Demo.Life;

/// <summary>One visit as planned: enough to write its dossier from, and small, so that a neighbourhood's years fit in memory.</summary>
internal sealed class Visit
{
    public required Person Person { get; init; }
    /// <summary>Arrival, local time.</summary>
    public required DateTime Start { get; init; }
    public required Facility Facility { get; init; }
    public required Protocol Protocol { get; init; }
    /// <summary>Main disease, ICD-10.</summary>
    public required string Main { get; init; }
    /// <summary>MA_LOAI_KCB (QĐ 824/2023): 01 outpatient, 03 inpatient, 05 long-term outpatient, 06 kept at a station, 08 long-term with services.</summary>
    public required string Form { get; init; }
    /// <summary>Days in bed for an inpatient, days of medicine otherwise.</summary>
    public int Days { get; init; }
    /// <summary>Further diseases treated or known, with the protocol that brings their medicines.</summary>
    public IReadOnlyList<Condition> Also { get; init; } = [];
    /// <summary>KET_QUA_DTRI: 1 cured, 2 better, 5 died, 6 taken home hopeless.</summary>
    public int Outcome { get; init; } = 2;
    /// <summary>MA_LOAI_RV: 1 discharged, 2 sent on by need, 4 asked to leave, 5 sent on by wish.</summary>
    public int Leave { get; set; } = 1;
    public Facility? SentTo { get; set; }
    public Facility? SentFrom { get; init; }
    /// <summary>The visit on which the paper was written, when it is part of the plan.</summary>
    public Visit? SentBy { get; init; }
    public bool Emergency { get; init; }
    /// <summary>Laboratory and imaging are done on this visit.</summary>
    public bool Tests { get; init; } = true;
    public bool FollowUp { get; init; }
    /// <summary>Day of the next appointment.</summary>
    public DateOnly? Next { get; set; }
    /// <summary>Kept in the plan even when another visit overlaps it.</summary>
    public bool Essential { get; init; }
    /// <summary>What a course of disease or a pregnancy adds; see the records below.</summary>
    public object? Extra { get; init; }
    /// <summary>Where the person is at home: the station and the district's centre.</summary>
    public Facility? HomeStation { get; set; }
    public Facility? HomeDistrict { get; set; }
    /// <summary>1-based place in the person's life; part of MA_LK.</summary>
    public int Ordinal { get; set; }

    public bool InBed => Form == "03";
    public DateTime End => InBed ? Start.Date.AddDays(Days - 1).AddHours(10).AddMinutes(Start.Minute) : Start.AddMinutes(Form == "08" ? 275 : Tests ? 165 : 55);
}

/// <summary>A lasting disease of one person.</summary>
/// <param name="Since">First day under care.</param>
internal sealed record Condition(Protocol Protocol, string Code, DateOnly Since);

/// <param name="Child">The child born on this stay.</param>
/// <param name="Order">Which birth of the mother it is.</param>
internal sealed record BirthOf(Person Child, int Order, int WeightGram, bool Surgery);

/// <param name="Week">Completed weeks.</param>
internal sealed record PregnancyWeek(int Week);

/// <param name="Month">1–6.</param>
internal sealed record TuberculosisMonth(int Month, DateOnly Started, bool Proven);

internal sealed record HivMonth(int Month, DateOnly Confirmed, DateOnly Started);

/// <param name="Mother">Whose name the child still carries.</param>
internal sealed record NewbornOf(Person Mother, int WeightGram, bool Surgery);

/// <summary>Days off work after an illness or an injury (XML11).</summary>
internal sealed record SickLeave(int Days);
