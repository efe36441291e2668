using Darkroom.Diffusion.Prompts;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>
/// What the API's page names and this server does not do yet: answered 422, never accepted and ignored. Planned fields stand in the table of fields.
/// </summary>
internal static class NotYetSupported
{
    /// <summary>Names of a task's fields that are only planned.</summary>
    public static IReadOnlyList<string> Of(FieldTasks task) => [.. FieldTable.Of(task).Where(row => row.NotYet).Select(row => row.Name)];

    /// <summary>Adds a fault for each prompt with a tag that would be read as words.</summary>
    public static void CheckTags(FieldValues values, FaultList faults)
    {
        foreach (var field in (TextField[])[GenerationFields.Prompt, GenerationFields.Prompt2])
            if (values.TryGet(field, out var text) && ExtraNetwork.Find(text!).Count > 0)
                faults.Add(new Fault(field.Name, "Tags such as <lora:name:weight> and <hypernet:name:weight> are not supported yet.") { NotBuiltYet = true });
    }
}
