using System.Globalization;
using System.Text.Json.Nodes;
using Darkroom.Server.Automatic1111.Calls;

namespace Darkroom.Server.Automatic1111.Answers;

/// <summary>How a call stands, as AUTOMATIC1111 counts: batches, and steps of the batch at hand. Here all batches of a job go on together.</summary>
internal static class ProgressState
{
    /// <param name="call">Null: nothing runs.</param>
    public static JsonObject Of(OwnCall? call)
    {
        var (batches, steps) = (call?.Batches ?? 0, call?.Steps ?? 0);
        int done = call is null ? 0 : (int)(call.Share * batches * steps);
        int batch = steps == 0 ? 0 : Math.Min(done / steps, Math.Max(0, batches - 1));
        return new JsonObject
        {
            ["skipped"] = false,
            ["interrupted"] = call?.IsInterrupted ?? false,
            ["stopping_generation"] = call?.IsInterrupted ?? false,
            ["job"] = call?.Id ?? "",
            ["job_count"] = batches,
            ["job_timestamp"] = StampOf(call?.Current.CreatedAt),
            ["job_no"] = batch,
            ["sampling_step"] = done - batch * steps,
            ["sampling_steps"] = steps,
        };
    }

    /// <summary>Its progress is above 0 from the moment that something waits.</summary>
    public static double ShareOf(OwnCall call) => Math.Min(1, 0.01 + call.Share);

    public static string StampOf(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) ?? "0";
}
