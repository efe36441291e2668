using Darkroom.Engine.Jobs;

namespace Darkroom.Storage.Postgres;

/// <summary>What commands end a job as.</summary>
internal static class Ends
{
    /// <returns>Null for a command that ends none.</returns>
    public static JobState? Of(JobCommand command) => command switch
    {
        JobCommand.Succeed => JobState.Succeeded,
        JobCommand.Fail => JobState.Failed,
        JobCommand.Cancel => JobState.Cancelled,
        JobCommand.Expire => JobState.Expired,
        _ => null,
    };
}
