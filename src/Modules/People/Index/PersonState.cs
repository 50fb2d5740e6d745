namespace Mach.People.Index;

/// <summary>A person as the batch sees it: the stored Patient with the batch's own decisions on top.</summary>
internal sealed class PersonState(ReadOnlyMemory<byte> body, PatientView view, int version, FieldTimes times)
{
    public ReadOnlyMemory<byte> Body { get; private set; } = body;
    public PatientView View { get; private set; } = view;
    /// <summary>Version after the decisions so far; 0 = does not exist yet.</summary>
    public int Version { get; private set; } = version;
    public FieldTimes Times { get; set; } = times;

    public string Id => View.Id;

    public void Change(ReadOnlyMemory<byte> body)
    {
        Body = body;
        View = PatientView.Read(body);
        Version++;
    }

    public bool IsLinkedTo(PersonState other) =>
        Id == other.Id || View.Links.Contains(other.Id) || other.View.Links.Contains(Id) || View.Links.Intersect(other.View.Links).Any();
}
