using Darkroom.Server.Configuration.Rows;
using Darkroom.Server.OpenAi.Contracts;

namespace Darkroom.Server.Configuration.Groups;

/// <summary>The surface that speaks OpenAI's API.</summary>
internal static class OpenAiGroup
{
    public static readonly SettingGroup Group = new("OpenAI's API", "[`docs/openai.md`](openai.md).");

    private static readonly Setting<bool> Enabled = Group.Flag("OpenAi:Enabled", true, "Whether OpenAI's images API is answered.");

    private static readonly Setting<ModelNames> Models = Group.Map(
        "OpenAi:Models", new TextKind<ModelNames>(
            "pairs such as gpt-image-1=my-sdxl with commas between, or an object in the file", "must be pairs such as gpt-image-1=my-sdxl, each name once",
            ModelNames.Parse, static names => names.All.Count == 0 ? null : names.ToString()),
        new ModelNames([]), "Names of models that clients know, and the ids here that they stand for.", "none");

    public static DarkroomSettings Read(SettingsReader section, DarkroomSettings settings) =>
        settings with { OpenAi = new(section.Read(Enabled), section.Read(Models)) };
}
