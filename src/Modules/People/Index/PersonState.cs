namespace Mach.People.Index;

/// <summary>A person as the batch sees it: the stored Patient with the batch's own decisions on top.</summary>
internal sealed class PersonState(ReadOnlyMemory<byte> body, PatientView view, int version, FieldTimes times)
{
    public ReadOnlyMemory<byte> Body { get; private set; } = body;
    public PatientView View { get; private set; } = view;
    /// <summary>Version after the decisions so far; 0 = does not exist yet.</summary>
    public int Version { get; private set; } = version;
    public FieldTimes Times { get; set; } = times;

    /// <summary>Made or changed by a decision that is not committed yet.</summary>
    public bool IsPending { get; private set; }

    public string Id => View.Id;

    /// <summary>A person that this batch makes.</summary>
    public static PersonState New(ReadOnlyMemory<byte> body, FieldTimes times) => new(body, PatientView.Read(body), 1, times) { IsPending = true };

    public void Change(ReadOnlyMemory<byte> body)
    {
        Body = body;
        View = PatientView.Read(body);
        Version++;
        IsPending = true;
    }

    public bool IsLinkedTo(PersonState other) =>
        Id == other.Id || View.Links.Contains(other.Id) || other.View.Links.Contains(Id) || View.Links.Intersect(other.View.Links).Any();
}
