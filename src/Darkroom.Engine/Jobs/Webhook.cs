namespace Darkroom.Engine.Jobs;

/// <summary>Where the end of a job is told. Not one of the picture's parameters: no answer, picture or log repeats it.</summary>
/// <param name="Url">As it is called: absolute, in its canonical spelling.</param>
/// <param name="Events">The ends that are told there; at least one.</param>
public sealed record Webhook(string Url, JobEnds Events)
{
    public bool Tells(JobState end) => (Events & Of(end)) != 0;

    /// <summary>Its address may hold what only its owner is to know.</summary>
    public override string ToString() => nameof(Webhook);

    private static JobEnds Of(JobState end) => end switch
    {
        JobState.Succeeded => JobEnds.Succeeded,
        JobState.Failed => JobEnds.Failed,
        JobState.Cancelled => JobEnds.Cancelled,
        JobState.Expired => JobEnds.Expired,
        _ => JobEnds.None,
    };
}

/// <summary>Ends of a job, any number of them.</summary>
[Flags]
public enum JobEnds
{
    None = 0,
    Succeeded = 1,
    Failed = 2,
    Cancelled = 4,
    Expired = 8,
    All = Succeeded | Failed | Cancelled | Expired,
}
