using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Models.ControlNets;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>Scripts of a request. Units of the ControlNet extension become the native API's controls; others are left out, and named in the answer.</summary>
internal static class ScriptValues
{
    private const string ControlNet = "controlnet";

    /// <summary>Sets the controls.</summary>
    /// <param name="native">Takes them.</param>
    /// <param name="values">As sent.</param>
    /// <param name="body">With the pictures.</param>
    /// <param name="picture">What a unit without a picture of its own is shown: that of img2img; null: none.</param>
    /// <param name="nets">The ControlNets there are; null: none.</param>
    /// <param name="notes">Takes the scripts that were left out.</param>
    public static void Set(JsonObject native, SentValues values, LiftedBody body, SentFile? picture, IControlNetDirectory? nets, List<string> notes)
    {
        if (values.Text("script_name") is { Length: > 0 } script && !script.Equals("None", StringComparison.OrdinalIgnoreCase))
            values.Refuse("script_name", "names a script; this server runs none", values.Find("script_name"), "absent");
        if (values.Object("alwayson_scripts") is not { } scripts) return;
        foreach (var one in scripts.Json.EnumerateObject())
        {
            if (!one.Name.Equals(ControlNet, StringComparison.OrdinalIgnoreCase))
            {
                notes.Add($"alwayson_scripts: there is no script '{(one.Name.Length <= 64 ? one.Name : one.Name[..63] + "…")}' here, and it was left out.");
                continue;
            }
            if (scripts.Object(one.Name) is not { } unit) continue;
            var controls = new JsonArray();
            foreach (var (argument, i) in unit.List("args").Select(static (argument, i) => (argument, i)))
            {
                if (argument.ValueKind != JsonValueKind.Object) continue; // old versions sent positions and flags: there is nothing in them to go by
                if (Unit(new(argument, values.Faults, $"alwayson_scripts.controlnet.args.{i}."), body, picture, nets) is { } control) controls.Add(control);
            }
            if (controls.Count > 0) native["controls"] = controls;
        }
    }

    private static JsonObject? Unit(SentValues unit, LiftedBody body, SentFile? picture, IControlNetDirectory? nets)
    {
        if (unit.Flag("enabled") == false || unit.Text("model") is not { Length: > 0 } model || model.Equals("None", StringComparison.OrdinalIgnoreCase))
            return null;
        if (unit.Text("module") is { Length: > 0 } module && !module.Equals("none", StringComparison.OrdinalIgnoreCase))
            unit.Refuse("module", "names a preprocessor; this server runs none. Send the picture that the network is shown", unit.Find("module"), "none");
        var mode = unit.Find("control_mode") is { } said ? Mode(unit, said) : 0;
        var control = new JsonObject
        {
            ["model"] = IdOf(model, nets),
            ["weight"] = unit.Number("weight", 0, 2) ?? 1,
            ["start"] = unit.Number("guidance_start", 0, 1) ?? 0,
            ["end"] = unit.Number("guidance_end", 0, 1) ?? 1,
            ["guess"] = mode == 2,
        };
        if ((unit.Find("image") ?? unit.Find("input_image")) is { } json)
        {
            if (json.ValueKind == JsonValueKind.Object) json = new SentValues(json, unit.Faults).Find("image") ?? default;
            if (json.ValueKind == JsonValueKind.Undefined) unit.Refuse("image", "is required");
            else if (SentPictures.Read(body, unit, "image", json, "image") is { } own) control["image"] = TextOf(own);
        }
        else if (picture is not null) control["image"] = TextOf(picture);
        else unit.Refuse("image", "is required: it is what the network is shown");
        return control;
    }

    /// <summary>0 balanced, 1 the prompt counts more, 2 the ControlNet does.</summary>
    private static int Mode(SentValues unit, JsonElement said)
    {
        int mode = said.ValueKind == JsonValueKind.String
            ? Array.FindIndex(Modes, one => one.Equals(said.GetString(), StringComparison.OrdinalIgnoreCase)) : (int)(unit.Whole("control_mode", 0, 2) ?? 0);
        if (mode is 1 or < 0) unit.Refuse("control_mode", "is not supported", said, $"{Modes[0]} (0) or {Modes[2]} (2)");
        return mode;
    }

    private static readonly string[] Modes = ["Balanced", "My prompt is more important", "ControlNet is more important"];

    /// <summary>Its clients say <c>name [hash]</c>, with the file's ending or without.</summary>
    private static string IdOf(string model, IControlNetDirectory? nets)
    {
        var bare = model.EndsWith(']') && model.LastIndexOf(" [", StringComparison.Ordinal) is var at and > 0 ? model[..at] : model;
        var known = nets?.All.Select(net => net.Id).FirstOrDefault(id => id.Equals(bare, StringComparison.OrdinalIgnoreCase)
            || id.Equals(Path.GetFileNameWithoutExtension(bare), StringComparison.OrdinalIgnoreCase));
        return known ?? bare;
    }

    private static string TextOf(SentFile file) => file.Form == SentForm.EscapedBase64
        ? Models.Fields.JsonText.Unescape(file.Bytes.Span) : Encoding.UTF8.GetString(file.Bytes.Span);
}
