using System.Text.Json;
using Darkroom.Models.Fields;
using Darkroom.Models.Upscaling;

namespace Darkroom.Server.Playground;

/// <summary>What the page needs of the table of fields: ranges, choices and defaults stand there and nowhere in the page.</summary>
internal static class FieldSheet
{
    private static readonly (FieldTasks Task, string Name)[] Tasks =
    [
        (FieldTasks.Txt2img, "txt2img"), (FieldTasks.Img2img, "img2img"), (FieldTasks.Inpaint, "inpaint"), (FieldTasks.Outpaint, "outpaint"),
        (FieldTasks.Upscale, "upscale"),
    ];

    /// <summary>JSON: for each task, its fields by name.</summary>
    public static byte[] Write()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (task, name) in Tasks)
            {
                writer.WriteStartObject(name);
                foreach (var field in FieldTable.Of(task)) Write(writer, field);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, FieldInfo field)
    {
        writer.WriteStartObject(field.Name);
        switch (field.Type)
        {
            case WholeType whole:
                writer.WriteString("kind", "whole");
                writer.WriteNumber("min", whole.Min);
                writer.WriteNumber("max", whole.Max);
                break;
            case WholeChoiceType whole:
                writer.WriteString("kind", "whole");
                writer.WriteNumber("min", whole.Values[0]);
                writer.WriteNumber("max", whole.Values[^1]);
                writer.WriteStartArray("values");
                foreach (long one in whole.Values) writer.WriteNumberValue(one);
                writer.WriteEndArray();
                break;
            case NumberType number:
                writer.WriteString("kind", "number");
                writer.WriteNumber("min", number.Min);
                writer.WriteNumber("max", number.Max);
                break;
            case ChoiceType choice:
                writer.WriteString("kind", "choice");
                writer.WriteStartArray("choices");
                foreach (string one in choice.Names.Except(choice.NotYet)) writer.WriteStringValue(one);
                writer.WriteEndArray();
                break;
            case FlagType:
                writer.WriteString("kind", "flag");
                break;
            default:
                writer.WriteString("kind", "other");
                break;
        }
        if (field == FieldTable.UpscaleModel) writer.WriteString("default", UpscalerCatalog.DefaultId);
        else if (field.Default is { } value)
        {
            writer.WritePropertyName("default");
            field.Type.Write(writer, value);
        }
        if (field.NeedsCapability) writer.WriteBoolean("needs_capability", true);
        if (field.ModelSets) writer.WriteBoolean("model_sets", true);
        writer.WriteEndObject();
    }
}
