using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>
/// What the API's page names and this server does not do yet: answered 422, never accepted and ignored. Planned fields stand in the table of fields.
/// </summary>
internal static class NotYetSupported
{
    /// <summary>Names of a task's fields that are only planned.</summary>
    public static IReadOnlyList<string> Of(FieldTasks task) => [.. FieldTable.Of(task).Where(row => row.NotYet).Select(row => row.Name)];
}
