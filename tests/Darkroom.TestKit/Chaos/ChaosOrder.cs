using System.Text.Json.Nodes;

namespace Darkroom.TestKit.Chaos;

/// <summary>One request of the traffic.</summary>
/// <param name="Number">From 0, in the order in which the traffic made them.</param>
/// <param name="Task">The address under <c>/v1/</c>.</param>
/// <param name="Model">A model, or for upscale an upscaler.</param>
/// <param name="Body">The JSON that is sent.</param>
/// <param name="Patience">Milliseconds until the caller hangs up, cancels or is cut off, where it does.</param>
/// <param name="Expected">How it may end.</param>
public sealed record ChaosOrder(int Number, string Task, string Model, Manner Manner, JsonObject Body, int Patience, Expectation Expected)
{
    /// <summary>The same pictures, asked for by a caller who waits for them.</summary>
    public ChaosOrder Patient()
    {
        var body = (JsonObject)Body.DeepClone();
        foreach (string name in new[] { "deadline", "return", "preview_every" }) body.Remove(name);
        return this with { Manner = Manner.Wait, Body = body };
    }

    public override string ToString() => $"#{Number} {Task} {Model} {Manner}";
}
