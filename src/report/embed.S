/* Templates and style sheet as bytes in the program, one pair of symbols per file (see template.cc). */
    .section .rodata
    .macro asset name, file
    .global sluis_asset_\name\()_begin, sluis_asset_\name\()_end
sluis_asset_\name\()_begin:
    .incbin "\file"
sluis_asset_\name\()_end:
    .endm
    asset report_css, "css/report.css"
    asset head, "templates/head.mustache"
    asset foot, "templates/foot.mustache"
    asset table, "templates/table.mustache"
    asset chart, "templates/chart.mustache"
    asset provenance, "templates/provenance.mustache"
    asset result, "templates/result.mustache"
    asset own_report, "templates/own_report.mustache"
    asset approval, "templates/approval.mustache"
    .section .note.GNU-stack, "", %progbits
