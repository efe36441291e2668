using Darkroom.Server.Configuration.Rows;

namespace Darkroom.Server.Configuration.Groups;

/// <summary>The surface for clients of AUTOMATIC1111's web UI.</summary>
internal static class Automatic1111Group
{
    public static readonly SettingGroup Group = new("AUTOMATIC1111", "[Decision 42](decisions/0042-automatic1111.md).");

    private static readonly Setting<bool> Enabled = Group.Flag(
        "Automatic1111:Enabled", true, "Whether `/sdapi/v1` and `/internal` answer clients of AUTOMATIC1111's web UI.");

    private static readonly Setting<string?> Styles = Group.OptionalFile(
        "Automatic1111:Styles", "`styles.csv` in the models path, where there is one", "AUTOMATIC1111's file of styles; it is read again when it has changed.");

    public static DarkroomSettings Read(SettingsReader section, DarkroomSettings settings) =>
        settings with { HasAutomatic1111 = section.Read(Enabled), StylesPath = section.Read(Styles) };
}
