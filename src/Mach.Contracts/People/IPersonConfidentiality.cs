using System.Security.Claims;
using Mach.Data;

namespace Mach.Contracts.People;

/// <summary>
/// Who is confidential, and from whom. A person is as confidential as any Patient that is linked with them.
/// Every page that lists people asks here; a finer policy of access takes the place of the answer, not of the question.
/// </summary>
public interface IPersonConfidentiality
{
    /// <summary>Those of these Patients that are confidential, whoever asks.</summary>
    ValueTask<IReadOnlySet<string>> ConfidentialAsync(IReadOnlyCollection<string> patientIds, CancellationToken ct);

    /// <summary>Those whose name, address, phone and record are not shown to this one: the confidential ones, unless a data officer asks.</summary>
    ValueTask<IReadOnlySet<string>> HiddenFromAsync(ClaimsPrincipal who, IReadOnlyCollection<string> patientIds, CancellationToken ct);
}

/// <summary>Who is nobody, and so belongs in no count.</summary>
public interface ITestPersons
{
    /// <summary>Those of these Patients that are test persons, or linked with one.</summary>
    ValueTask<IReadOnlySet<string>> TestAsync(IReadOnlyCollection<string> patientIds, CancellationToken ct);

    /// <summary>Every Patient that is labelled as a test person; there are few.</summary>
    ValueTask<IReadOnlyList<string>> AllTestAsync(CancellationToken ct);
}

/// <summary>Keeps the labels of a person through writes by those who do not know of them.</summary>
public interface IPersonLabelKeeper
{
    /// <summary>
    /// The Patient as it may be written: labels that it has now and the new body lacks are put back (everything else stays byte for byte), since a data officer alone takes them away.
    /// Ask after the version was read that the commit expects: a label set in between then fails the commit.
    /// </summary>
    /// <param name="expected">That version; 0 = there must be none; null = it is so new that nobody can have labelled it.</param>
    /// <returns>The body, and the rows that belong in the same commit.</returns>
    Task<KeptLabels> KeepAsync(string patientId, ReadOnlyMemory<byte> body, int? expected, CancellationToken ct);
}

/// <param name="Rows">Of the People module's own tables.</param>
public sealed record KeptLabels(ReadOnlyMemory<byte> Body, IReadOnlyList<TableRows> Rows);
