using System.Reflection;

namespace Darkroom.Server.Problems;

/// <summary>Every problem type, for the OpenAPI document.</summary>
internal static class ProblemTypes
{
    public static IReadOnlyList<ProblemType> All { get; } =
    [
        .. typeof(ProblemType).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<ProblemType>(),
    ];
}
