#!/bin/sh
# Runs once, as root, inside the new system, after desktop-base's: the panel and the menu of /usr/share/beamdesk/programs, whose
# lines are `panel|LABEL|COMMAND` or `menu|LABEL|COMMAND`. What is on the panel is in the menu too. # begins a remark.
set -eu

list=/usr/share/beamdesk/programs
programs=$(printf 'panel|Terminal|xterm\npanel|Files|beamdesk-files\n'; [ ! -e "$list" ] || grep -v -e '^#' -e '^$' "$list")
if printf '%s\n' "$programs" | grep -v -E '^(panel|menu)\|[A-Za-z0-9 ._-]+\|[A-Za-z0-9 ./_-]+$' >&2; then
  echo "$list: these are no lines of programs" >&2
  exit 1
fi

items=
buttons=
menu=
while IFS='|' read -r place label command; do
  menu="$menu    <item label=\"$label\"><action name=\"Execute\"><command>beamdesk-run $command</command></action></item>
"
  [ "$place" = panel ] || continue
  items="${items}P"
  buttons="${buttons}button = new
button_text = $label
button_lclick_command = beamdesk-run $command
button_font = DejaVu Sans 9
button_font_color = #ffffff 100
button_background_id = 2
button_padding = 10 2
"
done <<END
$programs
END

panel=/etc/xdg/tint2/tint2rc
while IFS= read -r line; do
  case $line in
    *@ITEMS@*) printf '%s%s%s\n' "${line%@ITEMS@*}" "$items" "${line#*@ITEMS@}" ;;
    @BUTTONS@) printf '%s' "$buttons" ;;
    *) printf '%s\n' "$line" ;;
  esac
done < "$panel" > "$panel.new"
mv "$panel.new" "$panel"

{
  printf '%s\n' '<?xml version="1.0" encoding="UTF-8"?>' '<openbox_menu xmlns="http://openbox.org/3.4/menu">' '  <menu id="root-menu" label="Beamdesk">'
  printf '%s' "$menu"
  printf '%s\n' '  </menu>' '</openbox_menu>'
} > /etc/xdg/openbox/menu.xml

# The list of fonts that matplotlib makes at its first start costs half a minute without hardware virtualisation.
if [ -d /usr/lib/python3/dist-packages/matplotlib ]; then
  setpriv --reuid=user --regid=user --init-groups env HOME=/home/user python3 -c 'import matplotlib.font_manager'
fi
