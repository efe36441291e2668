using Darkroom.Engine.Artifacts;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Operation;

/// <summary>The body of <c>PUT /v1/log-level</c>: <c>{"level": "debug"}</c>.</summary>
internal static class LogLevelRequest
{
    private static readonly ChoiceField<string> Level = new(
        new FieldInfo("level", new ChoiceType(LogSwitch.Levels), default, "The lowest level that is logged.") { IsRequired = true, SchemaName = "LogLevel" },
        [.. LogSwitch.Levels.Select(name => (name, name))]);

    /// <summary>Its one field.</summary>
    public static readonly IReadOnlyList<Field> All = [Level];

    private static readonly ObjectReader Fields = new(All);

    /// <summary>The level's name, or the problem with every fault at once.</summary>
    public static async Task<(string? Level, Problem? Problem)> ReadAsync(HttpContext context, InputMemory memory)
    {
        using var room = memory.Reserve(CallerAddress.Of(context));
        var (body, problem) = await RequestReader.ReadAsync(context, Fields, BodyBytes.MaxText, room);
        if (body is null) return (null, problem);
        using (body)
        {
            var faults = new FaultList();
            var values = Fields.Read(body, faults);
            return faults.Count == 0 && values.TryGet(Level, out var level) ? (level, null) : (null, FailureTable.Of(Refusal.Of(faults)));
        }
    }
}
