using System.Text.Json.Nodes;

namespace Darkroom.Server.Generation.Validation;

/// <summary>One wrong value of a request.</summary>
/// <param name="Field">Its name on the wire; empty for the body itself.</param>
/// <param name="Message">What is wrong, as a sentence.</param>
/// <param name="Value">What was given, shortened; absent where none was, or it is too long to repeat or private.</param>
/// <param name="Limit">What is allowed; absent where the message says it all.</param>
public sealed record Fault(string Field, string Message, JsonNode? Value = null, string? Limit = null)
{
    /// <summary>Whether the value is right by the API's page and only not built yet.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool NotBuiltYet { get; init; }

    /// <summary>The failure that it makes of the whole order; null: a wrong value among others.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    internal FailureKind? Failure { get; init; }
}
